"""Sentences on a run and its frozen inputs."""

SENTENCES: dict[str, tuple[str, str]] = {
    "run_not_found": ("Không có lượt xử lý này.", "There is no such run."),
    "snapshot_not_found": (
        "Không còn số liệu đầu vào đã lưu của lượt xử lý này.",
        "The stored input of this run is no longer available.",
    ),
    "run_attempts_exhausted": (
        "Đã thử nhiều lần mà không tính xong; hãy tính lại và báo người quản trị.",
        "The computation failed several times; start it again and inform the operator.",
    ),
    "run_state_known": ("Trạng thái của lượt xử lý không hợp lệ.", "This is not a valid state of a run."),
}
