"""What is said of a run and of its frozen inputs."""

SENTENCES: dict[str, tuple[str, str]] = {
    "run_not_found": ("Không có lượt xử lý này.", "There is no such run."),
    "snapshot_not_found": (
        "Không còn số liệu đầu vào đã lưu của lượt xử lý này.",
        "The frozen inputs of this run are gone.",
    ),
    "run_attempts_exhausted": (
        "Đã thử nhiều lần mà không tính xong; hãy tính lại từ đầu và báo người quản trị.",
        "It was tried several times and never finished; start anew and tell the operator.",
    ),
    "run_state_known": ("Không có trạng thái này của lượt xử lý.", "A run has no such state."),
}
