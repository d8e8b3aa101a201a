"""What is said where personal data is read, kept or erased."""

SENTENCES: dict[str, tuple[str, str]] = {
    "purpose_not_told": (
        "Người này được thông báo một mục đích khác; chỉ được đọc thông tin theo mục đích đã thông báo.",
        "The person was told of another purpose; what is sealed is read for that purpose alone.",
    ),
}
