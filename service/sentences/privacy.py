"""What is said where personal data is read, kept or erased."""

SENTENCES: dict[str, tuple[str, str]] = {
    "guardian_missing": (
        "Người có thể chưa đủ {age} tuổi: cần ghi người đại diện theo pháp luật và văn bản đồng ý.",
        "Who may be under {age} needs a legal representative named, and the document of consent.",
    ),
    "congress_not_found": ("Không có đại hội “{congress}”.", "There is no congress “{congress}”."),
    "retention_not_set": (
        "Chưa ghi thời hạn lưu giữ dữ liệu cá nhân của đại hội “{congress}”.",
        "Nobody has set until when the personal data of “{congress}” is kept.",
    ),
    "retention_not_over": (
        "Dữ liệu cá nhân của đại hội “{congress}” còn được lưu giữ đến hết ngày {until}.",
        "The personal data of “{congress}” is kept until {until}, that day included.",
    ),
    "person_erased": (
        "Thông tin của người này đã được xóa.",
        "What was held of this person has been erased.",
    ),
    "person_named_elsewhere": (
        "Người này còn có tên trong hồ sơ ngoài phạm vi của ông/bà; việc này do cấp quản lý chung thực hiện.",
        "This person is also named outside your reach; whoever reaches all of it has to do this.",
    ),
    "conference_not_held": (
        "Hội nghị chưa được tổ chức nên chưa công bố được số liệu.",
        "The conference has not been held; its numbers are released afterwards.",
    ),
    "composition_released_once": (
        "Số liệu của hội nghị này đã được công bố; mỗi hội nghị chỉ công bố một lần.",
        "The numbers of this conference were released already; that is done once.",
    ),
    "composition_release_is_append_only": (
        "Số liệu đã công bố không sửa, không xóa.",
        "Released numbers are neither changed nor removed.",
    ),
    "release_overlaps": (
        "Có đại biểu đã được tính trong số liệu công bố của hội nghị khác; mỗi người chỉ được tính một lần.",
        "A delegate was counted in the numbers of another conference; each person is counted once.",
    ),
    "release_not_found": (
        "Hội nghị này chưa công bố số liệu.",
        "No numbers of this conference were released.",
    ),
    "purpose_not_told": (
        "Người này được thông báo một mục đích khác; chỉ được đọc thông tin theo mục đích đã thông báo.",
        "The person was told of another purpose; what is sealed is read for that purpose alone.",
    ),
}
