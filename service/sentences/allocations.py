"""What is said of an allocation: before it starts, while ties wait, and on its way to the decision."""

_FRAME = {
    "stated_number_exceeded": (
        "Khối {stage}: các đơn vị ngang nhau đều được một chỗ nên nhóm có {seats} chỗ, hơn số đã nêu.",
        "{stage}: every tied unit got its seat, so the group has {seats} seats, more than the plan states.",
    ),
    "settlement_not_in_plan": (
        "Kế hoạch không cho phép xử lý bằng nhau theo cách này; được dùng: {allowed}.",
        "The plan does not settle ties this way; it allows: {allowed}.",
    ),
    "drawn_on_another_day": (
        "Ngày bốc thăm phải từ ngày chốt số liệu ({first}) đến hôm nay.",
        "The lot is drawn between the day the inputs were frozen ({first}) and today.",
    ),
    "amendment_faulty": ("Nội dung sửa đổi không hợp lệ.", "The amendment is not valid."),
    "unit_holds_no_seats": (
        "Đơn vị này không có chỉ tiêu trong phân bổ đang có hiệu lực.",
        "This unit holds no seats in the allocation in force.",
    ),
    "returned_more_than_held": (
        "Số trả lại lớn hơn số đơn vị đang có ({held}).",
        "More is returned than the unit holds ({held}).",
    ),
    "no_group_filled_by_units": (
        "Cấp “{tier}” không có nhóm đại biểu nào do đơn vị cử nên không có gì để phân bổ.",
        "The tier “{tier}” has no group filled by units, so there is nothing to allocate.",
    ),
    "allocation_cannot_start": (
        "Chưa thể phân bổ: còn {errors} nội dung phải bổ sung hoặc sửa trước.",
        "The allocation cannot start: {errors} things have to be supplied or put right first.",
    ),
    "figures_at_odds": (
        "“{name}” có “{measure}” lớn hơn “{whole}” do số liệu của hai ngày khác nhau; cần báo cáo lại.",
        "“{name}” has more “{measure}” than “{whole}”, from reports of two days; it has to report again.",
    ),
    "figure_unknown": (
        "“{name}” chưa có số liệu “{measure}”, là căn cứ phân bổ của “{stage}”.",
        "The figure “{measure}” of “{name}”, by which “{stage}” is allocated, is unknown.",
    ),
    "bloc_without_units": (
        "Không có đơn vị nào thuộc “{stage}” để nhận số đại biểu của khối này.",
        "There is no unit in “{stage}” to take its seats.",
    ),
    "named_unit_absent": (
        "“{stage}” nêu tên đơn vị “{unit}”, nhưng đơn vị này không trực thuộc đơn vị tổ chức hội nghị.",
        "“{stage}” names the unit “{unit}”, which is not below the unit of this conference.",
    ),
    "unit_in_no_bloc": (
        "“{name}” (loại {kind}) không thuộc khối nào nên không được phân bổ đại biểu.",
        "“{name}” (of kind {kind}) belongs to no bloc and gets no seats.",
    ),
}
_VERSIONS = {
    "allocation_not_found": ("Không có bản phân bổ này.", "There is no such allocation."),
    "certificate_not_found": (
        "Bản phân bổ này chưa có chứng thư.",
        "This allocation has no certificate yet.",
    ),
    "adopted_allocation_is_amended": (
        "Hội nghị đã có bản phân bổ được ban hành; bản mới phải ghi là sửa đổi bản đó.",
        "The conference has an adopted allocation; a new one has to say that it amends that one.",
    ),
    "amends_not_adopted": (
        "Bản phân bổ được nêu để sửa đổi không phải bản đang có hiệu lực của hội nghị này.",
        "The allocation to be amended is not the one in force for this conference.",
    ),
    "one_adopted_allocation_per_conference": (
        "Mỗi hội nghị chỉ có một bản phân bổ có hiệu lực.",
        "A conference has one adopted allocation only.",
    ),
    "allocation_conference_n_key": (
        "Một bản phân bổ khác của hội nghị vừa lấy số thứ tự này; hãy làm lại.",
        "Another allocation of the conference has just taken this version number; try again.",
    ),
}
_TIES = {
    "lot_day": (
        "Ngày có số phải sau hôm nay và trong vòng {days} ngày.",
        "The day of the seed must come after today, within {days} days.",
    ),
    "lot_announced_already": (
        "Trường hợp ngang nhau này đã được công bố cách lấy số; chỉ công bố một lần.",
        "From where the seed of this tie comes was announced already; that is done once.",
    ),
    "lot_digits_in_bounds": ("Số phải có từ 3 đến 40 chữ số.", "A seed has 3 to 40 digits."),
    "lot_announced_beforehand": (
        "Cách lấy số phải được công bố trước ngày có số.",
        "A lot is announced before the day of its seed.",
    ),
    "lot_not_announced": (
        "Chưa công bố lấy số từ đâu và ngày nào, nên số này không chứng minh được gì.",
        "Nobody announced from where and when the seed would come, so it proves nothing.",
    ),
    "seed_not_as_announced": (
        "Phải đúng {digits} chữ số như đã công bố, không thêm gì khác.",
        "It must be the {digits} digits that were announced, and nothing else.",
    ),
    "drawn_not_as_announced": (
        "Phải là ngày đã công bố: {drawn_on}.",
        "It must be the day that was announced: {drawn_on}.",
    ),
    "tie_drawn_before": (
        "Trường hợp ngang nhau này đã bốc thăm; kết quả giữ nguyên và được gửi lại y như vậy: {order}.",
        "A lot was drawn for this tie before; it stands, and is sent again as it was: {order}.",
    ),
    "no_lots_required": (
        "Bản phân bổ đang ở trạng thái “{state}”, không có trường hợp ngang nhau nào chờ xử lý.",
        "The allocation is in the state “{state}”; no tie waits to be settled.",
    ),
    "no_such_tie": (
        "Không có trường hợp ngang nhau như đã nêu.",
        "There is no such tie.",
    ),
    "settlement_without_tie": (
        "Có kết quả xử lý không ứng với trường hợp ngang nhau nào.",
        "Something was settled that is no tie here.",
    ),
    "settlement_faulty": (
        "Thông tin về cách xử lý trường hợp ngang nhau chưa đúng.",
        "What is said of how the tie was settled cannot be right.",
    ),
    "not_for_this_settlement": (
        "Cách xử lý “{how}” không dùng trường này.",
        "The settlement “{how}” takes no such field.",
    ),
    "order_names_other_units": (
        "Thứ tự phải nêu mỗi đơn vị ngang nhau đúng một lần và không nêu đơn vị khác.",
        "The order has to name each of the tied units once, and no other.",
    ),
    "no_room_for_one_more": (
        "Không thể thêm đại biểu cho mọi đơn vị ngang nhau: mức tối đa chỉ còn {room}.",
        "There is no seat more for each of the tied units: the maximum leaves {room}.",
    ),
    "settlement_allocation_stage_tied_digest_key": (
        "Trường hợp ngang nhau này đã được xử lý.",
        "This tie is settled already.",
    ),
}
_HAND = {
    "allocation_state": (
        "Bản phân bổ đang ở trạng thái “{state}”; việc này cần trạng thái “{needed}”.",
        "The allocation is in the state “{state}”; this takes the state “{needed}”.",
    ),
    "unit_not_in_group": (
        "Đơn vị không được phân bổ đại biểu trong nhóm này.",
        "The unit has no part in this group.",
    ),
    "adjustment_below_zero": (
        "Điều chỉnh như vậy thì số đại biểu của đơn vị nhỏ hơn 0.",
        "This adjustment would leave the unit fewer than zero seats.",
    ),
    "adjusted_below_floor": (
        "Sau điều chỉnh, đơn vị có ít hơn mức sàn {floor} đại biểu.",
        "Adjusted, the unit has fewer than its floor of {floor} seats.",
    ),
    "adjusted_above_cap": (
        "Sau điều chỉnh, đơn vị có nhiều hơn mức trần {cap} đại biểu.",
        "Adjusted, the unit has more than its cap of {cap} seats.",
    ),
    "adjustments_do_not_balance": (
        "Các điều chỉnh làm tổng số đại biểu của nhóm thay đổi; tăng và giảm phải bằng nhau.",
        "The adjustments change the number of the group; what is added has to be taken elsewhere.",
    ),
    "proposed_allocation_is_frozen": (
        "Bản phân bổ đã trình nên không sửa được nữa; muốn sửa phải rút lại.",
        "The allocation has been proposed and is frozen; it has to be withdrawn before it changes.",
    ),
    "quota_received_already": (
        "Đã có chỉ tiêu của nhóm này theo văn bản của cấp trên: {units}; không giao thêm lần nữa.",
        "These already hold a quota of this group by a document from above: {units}; none holds two.",
    ),
    "decision_number_taken": (
        "Số quyết định này đã được dùng trong cùng cơ quan, cùng ký hiệu và cùng năm.",
        "This number is taken in the same organ, series and year.",
    ),
    "decision_number_whole": (
        "Số, năm và ngày của quyết định phải được ghi cùng nhau.",
        "The number, the year and the day of a decision are recorded together.",
    ),
    "decision_number_is_final": (
        "Số, năm và ngày của quyết định đã ghi thì không được thay đổi.",
        "The number, the year and the day of a decision do not change once they are recorded.",
    ),
}
_GUARDS = {
    "adjustment_has_reason": (
        "Điều chỉnh số đại biểu phải có lý do.",
        "An adjustment needs its reason.",
    ),
    "allocation_seat_sum": (
        "Số đại biểu phải bằng số tính được cộng số điều chỉnh, và không âm.",
        "The seats have to be what was computed plus what was adjusted, and not below zero.",
    ),
    "allocation_target_not_negative": (
        "Phần chỉ tiêu cơ cấu của đơn vị không được âm.",
        "A unit's part of a target is not below zero.",
    ),
    "allocation_state_known": (
        "Không có trạng thái này của bản phân bổ.",
        "An allocation has no such state.",
    ),
}

SENTENCES: dict[str, tuple[str, str]] = {**_FRAME, **_VERSIONS, **_TIES, **_HAND, **_GUARDS}
