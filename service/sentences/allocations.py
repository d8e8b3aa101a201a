"""Sentences on an allocation: its inputs, versions, ties, adjustments and decision."""

_INPUTS = {
    "stated_number_exceeded": (
        (
            "Khối {stage}: các đơn vị ngang nhau đều được một chỗ nên nhóm có {seats} chỗ, nhiều hơn số kế "
            "hoạch nêu."
        ),
        (
            "{stage}: every tied unit got a seat, so the group has {seats:seat|seats}, more than the plan "
            "states."
        ),
    ),
    "settlement_not_in_plan": (
        "Kế hoạch không cho phép xử lý trường hợp ngang nhau theo cách này; cách được dùng: {allowed}.",
        "The plan does not allow this way of settling a tie; it allows: {allowed}.",
    ),
    "drawn_on_another_day": (
        "Ngày phải từ {first} trở đi và không sau hôm nay.",
        "The day must be {first} or later, and not after today.",
    ),
    "amendment_faulty": ("Nội dung sửa đổi không hợp lệ.", "The amendment is not valid."),
    "unit_holds_no_seats": (
        "Đơn vị này không có chỉ tiêu trong phân bổ đang có hiệu lực.",
        "This unit has no seats in the allocation in force.",
    ),
    "returned_more_than_held": (
        "Số trả lại không được lớn hơn số đơn vị đang có ({held}).",
        "The unit cannot return more seats than it has ({held}).",
    ),
    "no_group_filled_by_units": (
        "Cấp “{tier}” không có nhóm đại biểu nào do đơn vị cử nên không có gì để phân bổ.",
        "The tier “{tier}” has no group that units nominate for, so there is nothing to allocate.",
    ),
    "allocation_cannot_start": (
        "Chưa thể phân bổ: còn {errors} nội dung phải bổ sung hoặc sửa trước.",
        "The allocation cannot start until {errors:item is|items are} added or corrected.",
    ),
    "figures_at_odds": (
        "“{name}” có “{measure}” lớn hơn “{whole}” do số liệu báo cáo ở hai ngày khác nhau; cần báo cáo lại.",
        (
            "“{name}” has a larger “{measure}” than “{whole}”: the reports are from different days; it must "
            "report again."
        ),
    ),
    "figure_unknown": (
        "“{name}” chưa báo cáo số liệu “{measure}”, là căn cứ phân bổ của “{stage}”.",
        "“{name}” has not reported the figure “{measure}”, which is needed to allocate “{stage}”.",
    ),
    "bloc_without_units": (
        "Không có đơn vị nào thuộc “{stage}” để nhận số đại biểu của khối này.",
        "“{stage}” has seats but no units that could receive them.",
    ),
    "named_unit_absent": (
        "“{stage}” nêu tên đơn vị “{unit}”, nhưng đơn vị này không trực thuộc đơn vị tổ chức hội nghị.",
        "“{stage}” names the unit “{unit}”, which is not directly below the unit of this conference.",
    ),
    "unit_in_no_bloc": (
        "“{name}” (loại: {kind}) không thuộc khối nào nên không được phân bổ đại biểu.",
        "“{name}” (kind: {kind}) belongs to no bloc, so it gets no seats.",
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
        "The conference already has an adopted allocation; a new one must state that it amends it.",
    ),
    "amends_not_adopted": (
        "Chỉ sửa đổi được bản phân bổ đang có hiệu lực của hội nghị này.",
        "Only the allocation that is in force for this conference can be amended.",
    ),
    "one_adopted_allocation_per_conference": (
        "Mỗi hội nghị chỉ có một bản phân bổ có hiệu lực.",
        "A conference can have only one adopted allocation.",
    ),
    "allocation_conference_n_key": (
        "Một bản phân bổ khác của hội nghị vừa lấy số thứ tự này; hãy làm lại.",
        "Another allocation of the conference has just taken this version number; try again.",
    ),
}
_TIES = {
    "lot_day": (
        "Ngày có số phải sau hôm nay và trong vòng {days} ngày.",
        "The day of the seed must be after today and within {days:day|days}.",
    ),
    "lot_announced_already": (
        "Nguồn lấy số cho trường hợp ngang nhau này đã được công bố; chỉ công bố một lần.",
        "The source of the seed for this tie has already been announced; it cannot be announced again.",
    ),
    "lot_digits_in_bounds": ("Số phải có từ 3 đến 40 chữ số.", "A seed must have 3 to 40 digits."),
    "lot_announced_beforehand": (
        "Nguồn lấy số phải được công bố trước ngày có số.",
        "The source of a seed must be announced before the day of the seed.",
    ),
    "lot_not_announced": (
        "Chưa công bố nguồn và ngày lấy số nên không dùng được số này; hãy công bố trước.",
        (
            "The source and the day of the seed were not announced, so this seed cannot be used; announce "
            "them first."
        ),
    ),
    "seed_not_as_announced": (
        "Phải đúng {digits} chữ số như đã công bố, không thêm gì khác.",
        "The seed must have exactly {digits:digit|digits}, as announced, and nothing else.",
    ),
    "drawn_not_as_announced": (
        "Phải là ngày đã công bố: {drawn_on}.",
        "The day must be the announced day: {drawn_on}.",
    ),
    "tie_drawn_before": (
        "Trường hợp ngang nhau này đã bốc thăm, kết quả giữ nguyên; hãy gửi lại đúng kết quả đó: {order}.",
        "A lot has already been drawn for this tie and its result is final; send the same result: {order}.",
    ),
    "no_lots_required": (
        "Không có trường hợp ngang nhau nào chờ xử lý; trạng thái hiện tại là “{state}”.",
        "No tie is waiting to be settled; the current state is “{state}”.",
    ),
    "no_such_tie": (
        "Không có trường hợp ngang nhau như đã nêu.",
        "There is no such tie.",
    ),
    "settlement_without_tie": (
        "Có kết quả xử lý không ứng với trường hợp ngang nhau nào.",
        "A settlement was given for a tie that does not exist.",
    ),
    "settlement_faulty": (
        "Thông tin về cách xử lý trường hợp ngang nhau không hợp lệ.",
        "The settlement of the tie is not valid.",
    ),
    "not_for_this_settlement": (
        "Cách xử lý “{how}” không dùng trường này.",
        "This field is not used when a tie is settled by “{how}”.",
    ),
    "order_names_other_units": (
        "Thứ tự phải nêu mỗi đơn vị ngang nhau đúng một lần và không nêu đơn vị khác.",
        "The order must name each tied unit exactly once, and no other unit.",
    ),
    "no_room_for_one_more": (
        "Không thể thêm chỗ cho mọi đơn vị ngang nhau: mức tối đa chỉ còn {room} chỗ.",
        "The tied units cannot all get one more seat: the maximum leaves {room:seat|seats}.",
    ),
    "settlement_allocation_stage_tied_digest_key": (
        "Trường hợp ngang nhau này đã được xử lý.",
        "This tie has already been settled.",
    ),
}
_DECISIONS = {
    "allocation_state": (
        "Bản phân bổ đang ở trạng thái “{state}”; việc này cần trạng thái “{needed}”.",
        "This needs an allocation in the state “{needed}”; this one is in the state “{state}”.",
    ),
    "unit_not_in_group": (
        "Đơn vị không được phân bổ đại biểu trong nhóm này.",
        "This unit takes no part in the allocation of this group.",
    ),
    "adjustment_below_zero": (
        "Điều chỉnh như vậy thì số đại biểu của đơn vị nhỏ hơn 0.",
        "This adjustment would leave the unit with fewer than 0 seats.",
    ),
    "adjusted_below_floor": (
        "Sau điều chỉnh, đơn vị có ít hơn mức sàn {floor} đại biểu.",
        "After the adjustment, the unit has fewer seats than its minimum of {floor}.",
    ),
    "adjusted_above_cap": (
        "Sau điều chỉnh, đơn vị có nhiều hơn mức trần {cap} đại biểu.",
        "After the adjustment, the unit has more seats than its maximum of {cap}.",
    ),
    "adjustments_do_not_balance": (
        "Các điều chỉnh làm tổng số đại biểu của nhóm thay đổi; tăng và giảm phải bằng nhau.",
        "The adjustments change the total of the group; seats added to one unit must be taken from another.",
    ),
    "proposed_allocation_is_frozen": (
        "Bản phân bổ đã trình nên không sửa được nữa; muốn sửa phải rút lại.",
        "A proposed allocation cannot be changed; withdraw it first.",
    ),
    "quota_received_already": (
        "Cấp trên đã giao chỉ tiêu của nhóm này bằng văn bản cho: {units}; không giao thêm lần nữa.",
        "A higher level has already given a quota of this group to: {units}; it cannot be given again.",
    ),
    "decision_number_taken": (
        "Số quyết định này đã được dùng trong cùng cơ quan, cùng ký hiệu và cùng năm.",
        "This decision number is already used by the same authority in this series and year.",
    ),
    "decision_number_whole": (
        "Số, năm và ngày của quyết định phải được ghi cùng nhau.",
        "The number, year and day of a decision must be recorded together.",
    ),
    "decision_number_is_final": (
        "Số, năm và ngày của quyết định đã ghi thì không được thay đổi.",
        "The number, year and day of a decision cannot be changed after they are recorded.",
    ),
}
_CONSTRAINTS = {
    "adjustment_has_reason": (
        "Điều chỉnh số đại biểu phải có lý do.",
        "An adjustment needs a reason.",
    ),
    "allocation_seat_sum": (
        "Số đại biểu phải bằng số tính được cộng số điều chỉnh, và không âm.",
        "The seats must equal the computed seats plus the adjustment, and must not be negative.",
    ),
    "allocation_target_not_negative": (
        "Phần chỉ tiêu cơ cấu của đơn vị không được âm.",
        "A unit's part of a target must not be negative.",
    ),
    "allocation_state_known": (
        "Trạng thái của bản phân bổ không hợp lệ.",
        "This is not a valid state of an allocation.",
    ),
}

SENTENCES: dict[str, tuple[str, str]] = {**_INPUTS, **_VERSIONS, **_TIES, **_DECISIONS, **_CONSTRAINTS}
