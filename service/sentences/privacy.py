"""Sentences on personal data that is read, kept or erased."""

SENTENCES: dict[str, tuple[str, str]] = {
    "guardian_missing": (
        "Người này có thể chưa đủ {age} tuổi: cần ghi người đại diện theo pháp luật và văn bản đồng ý.",
        "This person may be under {age}; name a legal representative and the document of consent.",
    ),
    "congress_not_found": ("Không có đại hội “{congress}”.", "There is no congress “{congress}”."),
    "retention_not_set": (
        "Chưa ghi thời hạn lưu giữ dữ liệu cá nhân của đại hội “{congress}”.",
        "No retention period is set for the personal data of the congress “{congress}”.",
    ),
    "retention_not_over": (
        "Dữ liệu cá nhân của đại hội “{congress}” còn được lưu giữ đến hết ngày {until}.",
        "The personal data of the congress “{congress}” is kept until the end of {until}.",
    ),
    "person_erased": (
        "Thông tin của người này đã được xóa.",
        "The data of this person has been erased.",
    ),
    "person_named_elsewhere": (
        "Người này còn có tên trong hồ sơ ngoài phạm vi của ông/bà; việc này do cấp quản lý chung thực hiện.",
        (
            "This person is also in records that you cannot access; somebody with access to all of them must "
            "do this."
        ),
    ),
    "conference_not_held": (
        "Hội nghị chưa được tổ chức nên chưa công bố được số liệu.",
        "The conference has not met yet, so its numbers cannot be released.",
    ),
    "composition_released_once": (
        "Số liệu của hội nghị này đã được công bố; mỗi hội nghị chỉ công bố một lần.",
        "The numbers of this conference have already been released; this can be done only once.",
    ),
    "composition_release_is_append_only": (
        "Số liệu đã công bố không sửa, không xóa.",
        "Released numbers cannot be changed or removed.",
    ),
    "release_overlaps": (
        "Có đại biểu đã được tính trong số liệu công bố của hội nghị khác; mỗi người chỉ được tính một lần.",
        (
            "A delegate was already counted in the numbers of another conference; each person may be counted "
            "only once."
        ),
    ),
    "release_not_found": (
        "Hội nghị này chưa công bố số liệu.",
        "The numbers of this conference have not been released.",
    ),
    "purpose_not_told": (
        "Người này được thông báo một mục đích khác; chỉ được đọc thông tin theo mục đích đã thông báo.",
        "The person was informed of a different purpose; sealed data may be read only for that purpose.",
    ),
}
