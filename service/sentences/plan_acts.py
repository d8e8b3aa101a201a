"""Sentences on why a plan cannot be revised, published or amended."""

SENTENCES: dict[str, tuple[str, str]] = {
    "plan_not_found": ("Không có kế hoạch này.", "There is no such plan."),
    "plan_version_not_found": (
        "Kế hoạch không có phiên bản này.",
        "The plan has no such version.",
    ),
    "plan_expired": (
        "Kế hoạch đã hết hiệu lực ({expires}).",
        "The plan is no longer in force ({expires}).",
    ),
    "plan_already_published": (
        "Phiên bản {n} đã được ban hành.",
        "Version {n} has already been published.",
    ),
    "published_plan_is_immutable": (
        "Kế hoạch đã ban hành thì không sửa được; hãy lập phiên bản sửa đổi, bổ sung.",
        "A published plan cannot be changed; add a version that amends it.",
    ),
    "plan_id_taken": (
        "Mã (id) này đã là của một kế hoạch khác; muốn thay nội dung thì sửa hoặc bổ sung kế hoạch đó.",
        "Another plan already has this id; to change that plan, revise or amend it.",
    ),
    "plan_id_differs": (
        "Bản sửa đổi, bổ sung phải giữ mã (id) “{id}” của kế hoạch.",
        "An amendment must keep the plan's id, “{id}”.",
    ),
    "one_draft_per_plan": (
        "Kế hoạch đang có một bản dự thảo; hãy sửa tiếp hoặc ban hành bản đó.",
        "The plan already has a draft; revise or publish that draft.",
    ),
    "one_published_version_per_plan": (
        "Mỗi kế hoạch chỉ có một phiên bản có hiệu lực.",
        "A plan can have only one version in force.",
    ),
    "plan_version_plan_n_key": (
        "Một phiên bản khác của kế hoạch vừa lấy số thứ tự này; hãy làm lại.",
        "Another version of the plan has just taken this number; try again.",
    ),
    "plan_version_state_known": (
        "Trạng thái của phiên bản kế hoạch không hợp lệ.",
        "This is not a valid state of a plan version.",
    ),
}
