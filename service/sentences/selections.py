"""What is said of a list on its way: before it is computed, drawn for, edited, adopted and mended."""

SENTENCES: dict[str, tuple[str, str]] = {
    "selection_not_found": ("Không có danh sách lựa chọn này.", "There is no such selection."),
    "selection_state": (
        "Danh sách đang ở trạng thái “{state}”; việc này cần trạng thái “{needed}”.",
        "The selection is “{state}”; this needs “{needed}”.",
    ),
    "selection_cannot_start": (
        "Chưa thể lựa chọn: còn {errors} nội dung phải bổ sung hoặc sửa trước.",
        "The selection cannot start: {errors} things have to be supplied or put right first.",
    ),
    "selection_without_seats": (
        "Hội nghị chưa có chỉ tiêu nào: hãy thông qua bản phân bổ hoặc ghi nhận chỉ tiêu cấp trên giao.",
        "The conference has no seats yet: adopt its allocation, or enter the quotas received from above.",
    ),
    "selection_wish_invalid": (
        "Yêu cầu lựa chọn có nội dung chưa đúng.",
        "What is asked of the selection cannot be right.",
    ),
    "selection_place_unknown": (
        "Đơn vị không có chỉ tiêu trong nhóm {group}.",
        "The unit has no quota in group {group}.",
    ),
    "selection_empty_over_seats": (
        "Số chỗ để trống lớn hơn số chỗ của đơn vị ({seats}).",
        "More seats shall stay empty than the unit has ({seats}).",
    ),
    "selection_reopened": (
        "Các chỗ của một đơn vị trong nhóm {group} được xét lại.",
        "Seats of a unit in group {group} are chosen anew.",
    ),
    "selection_accepted_since": (
        "Đề cử {nomination} đã được chấp nhận sau khi lập danh sách và không có trong danh sách.",
        "Nomination {nomination} was accepted since the list was computed, and is not on it.",
    ),
    "selection_mended": (
        "Danh sách sau thay thế giữ nguyên những người khác; hãy hỏi về danh sách trước đó.",
        "A mended list keeps everybody else in place; ask about the list it came from.",
    ),
    "selection_edit_empty": (
        "Hãy nêu ít nhất một người được giữ hoặc được rút.",
        "Name at least one nomination to pin or to drop.",
    ),
    "selection_already_invited": (
        "Người của đề cử {nomination} đã có tên trong danh sách của Ban Tổ chức nên không xét ở đơn vị.",
        "The person of nomination {nomination} is on the organiser's own list and counted there only.",
    ),
    "selection_stands_by_another": (
        "Người của đề cử {nomination} được xét theo một đề cử khác.",
        "The person of nomination {nomination} stands by another nomination.",
    ),
    "selection_not_proven": (
        "Chỉ trả lời được với danh sách đã được chứng minh; danh sách này đang “{state}”.",
        "Only a proven list can be asked about; this one is “{state}”.",
    ),
    "selection_outdated": (
        "Từ khi lập danh sách đã có thay đổi về người được giới thiệu hoặc chỉ tiêu; cần lựa chọn lại.",
        "Nominations or seats have changed since the list was computed; select again.",
    ),
    "selection_nominee_gone": (
        "Đề cử {nomination} có trong danh sách nhưng nay không còn được giới thiệu.",
        "Nomination {nomination} is on the list and no longer stands.",
    ),
    "selection_nominee_changed": (
        "Đề cử {nomination} đã được gửi lại hoặc đổi người sau khi lập danh sách.",
        "Nomination {nomination} was sent anew, or for somebody else, after the list was computed.",
    ),
    "selection_seats_changed": (
        "Đơn vị nay chỉ còn {seats} chỗ, ít hơn số người trong danh sách.",
        "The unit now has {seats} seats, fewer than it has people on the list.",
    ),
    "adopted_selection_is_amended": (
        "Danh sách đã được thông qua chỉ được thay bằng bản sửa đổi của chính nó.",
        "The adopted list is replaced only by a version that came from it.",
    ),
    "one_adopted_selection_per_conference": (
        "Hội nghị đã có danh sách được thông qua.",
        "The conference has an adopted list already.",
    ),
    "proposed_selection_is_frozen": (
        "Danh sách đã trình thì không được sửa; hãy rút lại trước.",
        "A list that was proposed is frozen; withdraw it first.",
    ),
    "selection_pairs_erased": (
        "Dữ liệu gốc của danh sách trước đã được xóa; các cặp loại trừ nhau (nếu có) không còn áp dụng.",
        "What the list before was computed from is erased; pairs kept apart, if any, no longer hold.",
    ),
    "selection_drawn_since": (
        "Đã bốc thăm cho một danh sách khác của hội nghị; kết quả đó áp dụng cả ở đây, hãy lựa chọn lại.",
        "Another list of the conference was drawn for since; that lot stands here too, so select again.",
    ),
    "order_names_other_nominees": (
        "Thứ tự phải nêu đúng những đề cử cần bốc thăm: {nominees}.",
        "The order has to name just those who are tied: {nominees}.",
    ),
    "delegate_not_on_list": (
        "Không phải là đại biểu trong danh sách đang có hiệu lực.",
        "This is no delegate of the list in force.",
    ),
    "delegate_only_ends": (
        "Đại biểu đã ghi thì chỉ có thể kết thúc, không sửa và không xóa.",
        "A delegate is never changed or removed, only ended.",
    ),
    "nomination_is_delegate": (
        "Người này có trong danh sách đại biểu đã được thông qua; hãy thay thế đại biểu.",
        "This person is on the adopted list of delegates; have the delegate replaced.",
    ),
    "person_delegate_once": (
        "Người này đã là đại biểu của hội nghị.",
        "This person is a delegate of the conference already.",
    ),
    "nomination_delegate_once": (
        "Đề cử này đã có đại biểu.",
        "This nomination has a delegate already.",
    ),
    "ended_delegate_has_reason": (
        "Đại biểu kết thúc phải có lý do.",
        "A delegate ends with a reason.",
    ),
    "alternate_has_number": (
        "Người dự khuyết phải có số thứ tự.",
        "An alternate has a number.",
    ),
    "selection_outcome_known": (
        "Kết quả của đề cử không hợp lệ.",
        "The outcome of a nomination is not one of those known.",
    ),
    "selection_state_known": (
        "Trạng thái của danh sách không hợp lệ.",
        "The state of a selection is not one of those known.",
    ),
    "selection_how_known": (
        "Cách lập danh sách không hợp lệ.",
        "How a selection came about is not one of the ways known.",
    ),
    "selection_conference_n_key": (
        "Số thứ tự của danh sách đã được dùng; hãy thử lại.",
        "That number of the conference's selections is taken; try again.",
    ),
    "selection_question_unclear": (
        "Hãy hỏi về một đề cử, hoặc về một chỉ tiêu.",
        "Ask of one nomination, or of one target.",
    ),
    "question_unclear": (
        "Hãy nêu đúng một trong hai: đề cử hoặc chỉ tiêu.",
        "Give one of the two: a nomination or a target.",
    ),
    "snapshot_erased": (
        "Dữ liệu gốc đã được xóa theo yêu cầu bảo vệ dữ liệu cá nhân; không thể tính lại.",
        "The frozen inputs were erased to protect personal data; nothing can be computed from them again.",
    ),
    "lot_announced_for_one": (
        "Việc bốc thăm được thông báo cho một bản phân bổ hoặc một danh sách.",
        "A lot is announced for an allocation or for a selection.",
    ),
    "snapshot_open_or_sealed": (
        "Dữ liệu gốc phải ở dạng mở hoặc niêm phong.",
        "Frozen inputs are kept in the open or sealed.",
    ),
}
