"""Sentences on the selection: its input, its list, conflicts, reasons, and replacements."""

WORDS = {
    "hold": {
        "ex_officio": ("đại biểu đương nhiên", "ex officio delegate"),
        "passed": ("có trong danh sách hội nghị đã thông qua", "on a list that a conference passed"),
        "seated": ("đã có chỗ", "already has a seat"),
        "pinned": ("được Hội đồng giữ", "pinned by the Council"),
        "dropped": ("được Hội đồng rút", "dropped by the Council"),
        "ineligible": ("không đủ điều kiện", "not eligible"),
        "elsewhere": ("dự đại hội khác", "goes to another congress"),
    },
    "side": {"least": ("tối thiểu", "minimum"), "most": ("tối đa", "maximum")},
}

SENTENCES: dict[str, tuple[str, str]] = {
    # The pool
    "selection_invalid": (
        "Dữ liệu để lựa chọn đại biểu không hợp lệ.",
        "The input of the selection is not valid.",
    ),
    "selection_quota_twice": (
        "Chỉ tiêu của đơn vị {unit} (nhóm {group}) xuất hiện hai lần.",
        "The quota of unit {unit} (group {group}) is listed twice.",
    ),
    "selection_seats_out_of_range": (
        "Đơn vị {unit} (nhóm {group}): số chỗ để trống ({empty}) phải từ 0 đến số chỗ của đơn vị ({seats}).",
        (
            "Unit {unit} (group {group}): the empty seats ({empty}) must be from 0 to the number of seats "
            "({seats})."
        ),
    ),
    "selection_off_size": (
        "Tổng số chỗ của các đơn vị là {seats}, khác với {size} chỗ của hội nghị.",
        "The units have {seats:seat|seats} in total, but the conference has {size}.",
    ),
    "selection_nobody": (
        "Không có chỗ để bố trí, hoặc không có ai để lựa chọn.",
        "There are no seats to fill, or no nominees to select.",
    ),
    "selection_quota_unknown": (
        "Người được giới thiệu {nominee}: đơn vị {unit} không có chỉ tiêu trong nhóm {group}.",
        "Nominee {nominee}: unit {unit} has no quota in the group {group}.",
    ),
    "selection_bloc_differs": (
        "Người được giới thiệu {nominee} không cùng khối thi đua với chỉ tiêu của đơn vị {unit}.",
        "Nominee {nominee} is not in the same bloc as the quota of unit {unit}.",
    ),
    "selection_score_out_of_range": (
        "Điểm của {nominee} nằm ngoài khoảng từ -{most} đến {most}.",
        "The score of {nominee} must be from -{most} to {most}.",
    ),
    "selection_rank_out_of_range": (
        "Thứ tự giới thiệu phải từ 1 trở lên, không phải {rank}.",
        "A rank must be 1 or more, not {rank}.",
    ),
    "selection_lot_unclear": (
        "Số thăm {lot} không hợp lệ hoặc được ghi cho nhiều người.",
        "The lot {lot} is not valid, or was given to several people.",
    ),
    "selection_person_twice": (
        "Người được giới thiệu {nominee} có tên hai lần.",
        "Nominee {nominee} is named twice.",
    ),
    "selection_ex_officio_over_seats": (
        "Đơn vị {unit} (nhóm {group}): {ex_officio} đại biểu đương nhiên nhưng chỉ có {seats} chỗ.",
        (
            "Unit {unit} (group {group}) has {ex_officio:ex officio delegate|ex officio delegates} but only "
            "{seats:seat|seats}."
        ),
    ),
    "selection_seated_over_seats": (
        "Đơn vị {unit} (nhóm {group}): {seated} người đã được ấn định nhưng chỉ có {seats} chỗ.",
        (
            "Unit {unit} (group {group}) has {seated:person|people} with a fixed seat but only "
            "{seats:seat|seats}."
        ),
    ),
    "selection_unit_short": (
        "Đơn vị {unit} (nhóm {group}) có {eligible} người đủ điều kiện cho {seats} chỗ, thiếu {short}.",
        (
            "Unit {unit} (group {group}) has {eligible:eligible nominee|eligible nominees} for "
            "{seats:seat|seats}, {short} too few."
        ),
    ),
    "selection_over_nominee_limit": (
        "Đơn vị {unit} (nhóm {group}) giới thiệu {named} người, vượt mức {limit}.",
        "Unit {unit} (group {group}) has nominated {named:person|people}, more than its limit of {limit}.",
    ),
    "selection_seated_elsewhere": (
        "{nominee} đã được ấn định tại đây nhưng cũng dự đại hội khác; kế hoạch không cho phép.",
        "{nominee} has a fixed seat here and also goes to another congress, which the plan does not allow.",
    ),
    "selection_pair_unknown": (
        "Cặp loại trừ {one} và {other} phải là hai người được giới thiệu khác nhau.",
        "The pair {one} and {other} must be two different nominees.",
    ),
    "selection_pair_seated": (
        "{one} và {other} không được cùng có mặt nhưng cả hai đã được ấn định.",
        "{one} and {other} may not both be on the list, but both already have a fixed seat.",
    ),
    "selection_weight_without_target": (
        "Trọng số được đặt cho {target}, không phải là một chỉ tiêu cơ cấu.",
        "A weight is given for {target}, which is not a target.",
    ),
    "selection_weight_out_of_range": (
        "Trọng số {weight} của {target} không nằm trong khoảng từ 1 đến {most}.",
        "The weight {weight} of {target} must be from 1 to {most}.",
    ),
    # The list, recounted
    "selection_nominee_unknown": (
        "{nominee} không phải là người được giới thiệu.",
        "{nominee} is not a nominee.",
    ),
    "selection_seats_not_kept": (
        "Đơn vị {unit} (nhóm {group}) có {chosen} người trong danh sách cho {seats} chỗ.",
        "Unit {unit} (group {group}) has {chosen:person|people} on the list for {seats:seat|seats}.",
    ),
    "selection_hold_broken": (
        "Danh sách trái với điều đã ấn định đối với {nominee}: {hold}.",
        "The list ignores what is already decided about {nominee}: {hold}.",
    ),
    "selection_pair_broken": (
        "{one} và {other} không được cùng có mặt trong danh sách.",
        "{one} and {other} may not both be on the list.",
    ),
    "selection_target_broken": (
        "Danh sách không đạt chỉ tiêu bắt buộc {target}: có {yes} người.",
        "The list does not meet the mandatory target {target}: it has {yes:person|people}.",
    ),
    # The outcome
    "selection_budget_ended": (
        "Đã dừng tìm kiếm sau {nodes} bước; kết quả chưa được chứng minh là tốt nhất và chưa thể thông qua.",
        (
            "The search stopped after {nodes:step|steps}; the result is not proven to be the best and cannot "
            "be adopted."
        ),
    ),
    "selection_solver_failed": (
        "Bộ giải không cho kết quả sau hai lần chạy; chưa thể kết luận gì.",
        "The solver failed twice; no conclusion is possible.",
    ),
    "selection_infeasible": (
        "Không có danh sách nào đáp ứng mọi yêu cầu bắt buộc; thiếu ít nhất {short}.",
        "No list meets all mandatory requirements; every list falls short by at least {short}.",
    ),
    # The pool in numbers
    "selection_pool_short": (
        "Chỉ tiêu {target} cần {least} người; danh sách chỉ có thể có nhiều nhất {reachable}.",
        "Target {target} needs {least:person|people}, but no list can have more than {reachable}.",
    ),
    "selection_pool_over": (
        "Chỉ tiêu {target} cho phép {most} người; danh sách nào cũng có ít nhất {unavoidable}.",
        "Target {target} allows {most:person|people}, but every list has at least {unavoidable}.",
    ),
    "selection_pool_suffices": (
        "Chỉ tiêu {target}: có {yes} người được giới thiệu đáp ứng, danh sách có thể có đến {reachable}.",
        "Target {target}: {yes:nominee counts|nominees count}, and a list can have up to {reachable}.",
    ),
    # Conflicts
    "selection_clash_target": (
        "Một phía của mâu thuẫn là chỉ tiêu {ids} ({side}).",
        "One side of the conflict is the target {ids} ({side}).",
    ),
    "selection_clash_pair": (
        "Một phía của mâu thuẫn là cặp loại trừ {ids}.",
        "One side of the conflict is that {ids} may not both be on the list.",
    ),
    "selection_clash_pin": (
        "Một phía của mâu thuẫn là {ids} được Hội đồng giữ trong danh sách.",
        "One side of the conflict is that the Council keeps {ids} on the list.",
    ),
    "selection_reachable": (
        "Chỉ tiêu {target}: đạt được {reachable} trên {wanted}.",
        "Target {target}: {reachable} of {wanted} can be reached.",
    ),
    "selection_ask_unit": (
        "Đơn vị {unit} (nhóm {group}) có thể giới thiệu thêm đến {room} người thuộc diện còn thiếu.",
        (
            "Unit {unit} (group {group}) could nominate up to {room:more person|more people} of the kind "
            "that is missing."
        ),
    ),
    # Why one nominee is not on the list
    "selection_left_out_held_off": (
        "Không được xét: đã bị rút, không đủ điều kiện hoặc dự đại hội khác.",
        "Not considered: dropped, not eligible, or going to another congress.",
    ),
    "selection_left_out_no_seat": (
        "Mọi chỗ của đơn vị đã dành cho người được ấn định.",
        "All seats of the unit go to people who already have a fixed seat.",
    ),
    "selection_left_out_pair": (
        "Đã chọn một người không được cùng có mặt với người này.",
        "A person who may not be on the list together with this one was chosen.",
    ),
    "selection_left_out_colleague": (
        "Người cùng đơn vị, cùng cơ cấu có điểm cao hơn đã được chọn.",
        "A person from the same unit with the same profile and more points was chosen.",
    ),
    "selection_left_out_lot": (
        "Người cùng đơn vị, cùng cơ cấu, cùng điểm được chọn theo bốc thăm.",
        "A person from the same unit with the same profile and points was chosen by lot.",
    ),
    "selection_left_out_cost": (
        "Nếu chọn người này, danh sách mất ít nhất {points} điểm hoặc thiếu thêm về cơ cấu.",
        "A list with this person has at least {points:point|points} less, or is further from a target.",
    ),
    "selection_left_out_even": (
        (
            "Chưa xác định được danh sách có người này có kém hơn không; bốc thăm hoặc cách kết hợp đã quyết "
            "định."
        ),
        "No list with this person is known to be worse; the lot or the combination of people decided.",
    ),
    "selection_why_not_chosen": ("Người này có trong danh sách.", "This person is on the list."),
    "selection_why_not_settled": (
        "Người này đã được loại khỏi danh sách trước khi lựa chọn.",
        "This person was excluded before the selection began.",
    ),
    "selection_why_not_impossible": (
        "Không có danh sách nào có người này mà giữ được các yêu cầu bắt buộc.",
        "No list with this person can meet all mandatory requirements.",
    ),
    "selection_why_not_shortfall": (
        "Danh sách có người này thiếu thêm {short} ở các chỉ tiêu ưu tiên {priority}.",
        "With this person, the list would fall short by {short} more in the targets of priority {priority}.",
    ),
    "selection_why_not_score": (
        "Danh sách tốt nhất có người này kém {points} điểm.",
        "The best list with this person has {points:point|points} less.",
    ),
    "selection_why_not_lot": (
        "Có danh sách tốt ngang bằng với người này; bốc thăm đã quyết định.",
        "A list with this person is equally good; the lot decided.",
    ),
    "selection_why_not_unknown": (
        "Chưa xác định được lý do trong giới hạn tìm kiếm.",
        "The reason could not be found within the search limit.",
    ),
    # Edits and replacements
    "selection_edit_invalid": ("Thay đổi đề nghị không hợp lệ.", "The requested change is not valid."),
    "selection_edit_unknown": (
        "{nominee} không phải là người được giới thiệu, hoặc vừa được giữ vừa được rút.",
        "{nominee} is not a nominee, or is both pinned and dropped.",
    ),
    "selection_edit_settled": (
        "Việc có mặt của {nominees} đã được ấn định, không thể thay đổi ở đây.",
        "The status of {nominees} is already fixed and cannot be changed here.",
    ),
    "selection_target_unknown": (
        "Chỉ tiêu {target} không có mức {side}.",
        "Target {target} has no {side}.",
    ),
    "selection_frozen": (
        "Từ {since}, việc thay thế cần có lý do và thẩm quyền quyết định.",
        "From {since} on, a replacement needs a reason and the authority that decides it.",
    ),
    "replacement_invalid": (
        "Yêu cầu thay thế không khớp với danh sách.",
        "The replacement does not match the list.",
    ),
    "replacement_not_on_list": (
        "{nominee} không có trong danh sách nên không thể được thay thế.",
        "{nominee} is not on the list, so cannot be replaced.",
    ),
    "replacement_seat_unfilled": (
        "Đơn vị {unit} (nhóm {group}) không còn ai cho {seats} chỗ: trả lại hoặc để trống theo quyết định.",
        (
            "Unit {unit} (group {group}) has nobody left for {seats:seat|seats}: return what is left or "
            "decide to keep it empty."
        ),
    ),
    "replacement_shortfall_worse": (
        "Các chỉ tiêu ưu tiên {priority} nay thiếu {after}; trước khi thay thế thiếu {before}.",
        "Targets of priority {priority} now fall short by {after}; before the replacement it was {before}.",
    ),
}
