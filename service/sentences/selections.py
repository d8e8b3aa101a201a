"""Sentences on a list while it is computed, drawn, edited, adopted and changed by replacements."""

SENTENCES: dict[str, tuple[str, str]] = {
    "selection_not_found": ("Không có danh sách lựa chọn này.", "There is no such selection."),
    "selection_state": (
        "Danh sách đang ở trạng thái “{state}”; việc này cần trạng thái “{needed}”.",
        "This needs a selection in the state “{needed}”; this one is in the state “{state}”.",
    ),
    "selection_cannot_start": (
        "Chưa thể lựa chọn: còn {errors} nội dung phải bổ sung hoặc sửa trước.",
        "The selection cannot start until {errors:item is|items are} added or corrected.",
    ),
    "selection_without_seats": (
        "Hội nghị chưa có chỉ tiêu nào: hãy thông qua bản phân bổ hoặc ghi nhận chỉ tiêu cấp trên giao.",
        "The conference has no quotas yet: adopt its allocation, or enter the quotas from a higher level.",
    ),
    "selection_wish_invalid": (
        "Yêu cầu lựa chọn không hợp lệ.",
        "The selection request is not valid.",
    ),
    "selection_place_unknown": (
        "Đơn vị không có chỉ tiêu trong nhóm {group}.",
        "The unit has no quota in the group {group}.",
    ),
    "selection_empty_over_seats": (
        "Số chỗ để trống lớn hơn số chỗ của đơn vị ({seats}).",
        "The number of empty seats is larger than the number of seats of the unit ({seats}).",
    ),
    "selection_reopened": (
        "Các chỗ của một đơn vị trong nhóm {group} được xét lại.",
        "Seats of a unit are selected again in the group {group}.",
    ),
    "selection_accepted_since": (
        "Đề cử {nomination} đã được chấp nhận sau khi lập danh sách và không có trong danh sách.",
        "Nomination {nomination} was accepted after the list was computed and is not on the list.",
    ),
    "selection_mended": (
        "Danh sách sau thay thế giữ nguyên những người khác; hãy hỏi về danh sách trước đó.",
        "A list after a replacement keeps all other people; ask about the list before it.",
    ),
    "selection_edit_empty": (
        "Hãy nêu ít nhất một người được giữ hoặc được rút.",
        "Name at least one nomination to pin or to drop.",
    ),
    "selection_already_invited": (
        "Người của đề cử {nomination} đã có tên trong danh sách của Ban Tổ chức nên không xét ở đơn vị.",
        "The person in nomination {nomination} is on the organiser's list and is counted only there.",
    ),
    "selection_stands_by_another": (
        "Người của đề cử {nomination} được xét theo một đề cử khác.",
        "The person in nomination {nomination} is considered under another nomination.",
    ),
    "selection_not_proven": (
        "Chỉ trả lời được với danh sách đã được chứng minh; danh sách này đang “{state}”.",
        "You can ask only about a proven list; this one is in the state “{state}”.",
    ),
    "selection_outdated": (
        "Từ khi lập danh sách đã có thay đổi về người được giới thiệu hoặc chỉ tiêu; cần lựa chọn lại.",
        "Nominations or quotas have changed since the list was computed; run the selection again.",
    ),
    "selection_nominee_gone": (
        "Đề cử {nomination} có trong danh sách nhưng nay không còn được giới thiệu.",
        "Nomination {nomination} is on the list but is no longer valid.",
    ),
    "selection_nominee_changed": (
        "Đề cử {nomination} đã được gửi lại hoặc đổi người sau khi lập danh sách.",
        "Nomination {nomination} was submitted again or got another person after the list was computed.",
    ),
    "selection_seats_changed": (
        "Đơn vị nay chỉ còn {seats} chỗ, ít hơn số người trong danh sách.",
        "The unit now has only {seats:seat|seats}, fewer than its people on the list.",
    ),
    "adopted_selection_is_amended": (
        "Danh sách đã được thông qua chỉ được thay bằng bản sửa đổi của chính nó.",
        "The adopted list can be replaced only by a version that amends it.",
    ),
    "one_adopted_selection_per_conference": (
        "Hội nghị đã có danh sách được thông qua.",
        "The conference already has an adopted list.",
    ),
    "proposed_selection_is_frozen": (
        "Danh sách đã trình thì không được sửa; hãy rút lại trước.",
        "A proposed list cannot be changed; withdraw it first.",
    ),
    "selection_pairs_erased": (
        "Dữ liệu gốc của danh sách trước đã được xóa; các cặp loại trừ nhau (nếu có) không còn áp dụng.",
        (
            "The input of the previous list was erased; its pairs of people who exclude each other no longer "
            "apply."
        ),
    ),
    "selection_drawn_since": (
        "Đã bốc thăm cho một danh sách khác của hội nghị; kết quả đó áp dụng cả ở đây, hãy lựa chọn lại.",
        "A lot was drawn for another list of this conference and applies here too; run the selection again.",
    ),
    "order_names_other_nominees": (
        "Thứ tự phải nêu đúng những đề cử cần bốc thăm: {nominees}.",
        "The order must name exactly the tied nominations: {nominees}.",
    ),
    "delegate_not_on_list": (
        "Người này không phải là đại biểu trong danh sách đang có hiệu lực.",
        "This person is not a delegate on the list in force.",
    ),
    "delegate_only_ends": (
        "Đại biểu đã ghi thì không sửa, không xóa; chỉ có thể kết thúc tư cách đại biểu.",
        "A delegate record cannot be changed or removed; it can only be ended.",
    ),
    "nomination_is_delegate": (
        "Người này có trong danh sách đại biểu đã được thông qua; hãy thay thế đại biểu.",
        "This person is on the adopted list of delegates; replace the delegate instead.",
    ),
    "person_delegate_once": (
        "Người này đã là đại biểu của hội nghị.",
        "This person is already a delegate of the conference.",
    ),
    "nomination_delegate_once": (
        "Đề cử này đã có đại biểu.",
        "This nomination already has a delegate.",
    ),
    "ended_delegate_has_reason": (
        "Kết thúc tư cách đại biểu thì phải ghi lý do.",
        "To end a delegate record, give a reason.",
    ),
    "alternate_has_number": (
        "Người dự khuyết phải có số thứ tự.",
        "An alternate must have a number in the order.",
    ),
    "selection_outcome_known": (
        "Kết quả của đề cử không hợp lệ.",
        "This is not a valid outcome of a nomination.",
    ),
    "selection_state_known": (
        "Trạng thái của danh sách không hợp lệ.",
        "This is not a valid state of a selection.",
    ),
    "selection_how_known": (
        "Cách lập danh sách không hợp lệ.",
        "This is not a valid way to make a selection.",
    ),
    "selection_conference_n_key": (
        "Một danh sách khác của hội nghị vừa lấy số thứ tự này; hãy thử lại.",
        "Another selection of this conference has just taken this number; try again.",
    ),
    "selection_question_unclear": (
        "Hãy hỏi về một đề cử, hoặc về một chỉ tiêu.",
        "Ask about one nomination, or about one target.",
    ),
    "question_unclear": (
        "Hãy nêu đúng một trong hai: đề cử hoặc chỉ tiêu.",
        "Give exactly one of the two: a nomination or a target.",
    ),
    "snapshot_erased": (
        "Dữ liệu gốc đã được xóa theo yêu cầu bảo vệ dữ liệu cá nhân; không thể tính lại.",
        "The input data was erased to protect personal data; nothing can be computed from it again.",
    ),
    "lot_announced_for_one": (
        "Việc bốc thăm được thông báo cho một bản phân bổ hoặc một danh sách.",
        "A lot must be announced for either an allocation or a selection, not both.",
    ),
    "snapshot_open_or_sealed": (
        "Dữ liệu gốc phải ở dạng mở hoặc niêm phong.",
        "Stored input must be either open or sealed.",
    ),
}
