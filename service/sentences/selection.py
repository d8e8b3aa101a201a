"""Sentences of the selection: its input, its list, what clashes, why not, and replacements."""

SENTENCES: dict[str, tuple[str, str]] = {
    # The pool
    "selection_invalid": (
        "Dữ liệu để lựa chọn đại biểu chưa đúng.",
        "The pool of the selection cannot be right.",
    ),
    "selection_quota_twice": (
        "Chỉ tiêu của đơn vị {unit} (nhóm {group}) xuất hiện hai lần.",
        "The quota of unit {unit} (group {group}) is given twice.",
    ),
    "selection_seats_out_of_range": (
        "Đơn vị {unit} (nhóm {group}): {seats} chỗ, trong đó {empty} chỗ để trống, là không hợp lệ.",
        "Unit {unit} (group {group}): {seats} seats of which {empty} stay empty cannot be right.",
    ),
    "selection_off_size": (
        "Tổng số chỗ của các đơn vị là {seats}, khác với {size} chỗ của hội nghị.",
        "The seats of all units make {seats}, which is not the {size} of the conference.",
    ),
    "selection_nobody": (
        "Không có ai để lựa chọn.",
        "There is nobody to select.",
    ),
    "selection_quota_unknown": (
        "Người được giới thiệu {nominee}: đơn vị {unit} không có chỉ tiêu trong nhóm {group}.",
        "Nominee {nominee}: unit {unit} has no quota in group {group}.",
    ),
    "selection_bloc_differs": (
        "Người được giới thiệu {nominee} không cùng khối thi đua với chỉ tiêu của đơn vị {unit}.",
        "Nominee {nominee} is not in the bloc of the quota of unit {unit}.",
    ),
    "selection_score_out_of_range": (
        "Điểm của {nominee} nằm ngoài khoảng từ -{most} đến {most}.",
        "The score of {nominee} does not lie between -{most} and {most}.",
    ),
    "selection_rank_out_of_range": (
        "Thứ tự giới thiệu phải từ 1 trở lên, không phải {rank}.",
        "A rank counts from 1; {rank} is none.",
    ),
    "selection_lot_unclear": (
        "Số thăm {lot} không hợp lệ hoặc được ghi cho nhiều người.",
        "Lot {lot} is no lot, or stands for several people.",
    ),
    "selection_person_twice": (
        "Người được giới thiệu {nominee} có tên hai lần.",
        "Nominee {nominee} is named twice.",
    ),
    "selection_ex_officio_over_seats": (
        "Đơn vị {unit} (nhóm {group}): {ex_officio} đại biểu đương nhiên nhưng chỉ có {seats} chỗ.",
        "Unit {unit} (group {group}): {ex_officio} sit ex officio and there are {seats} seats.",
    ),
    "selection_seated_over_seats": (
        "Đơn vị {unit} (nhóm {group}): {seated} người đã được ấn định nhưng chỉ có {seats} chỗ.",
        "Unit {unit} (group {group}): {seated} people are fixed and there are {seats} seats.",
    ),
    "selection_unit_short": (
        "Đơn vị {unit} (nhóm {group}) có {eligible} người đủ điều kiện cho {seats} chỗ, thiếu {short}.",
        "Unit {unit} (group {group}) has {eligible} eligible nominees for {seats} seats, {short} too few.",
    ),
    "selection_over_nominee_limit": (
        "Đơn vị {unit} (nhóm {group}) giới thiệu {named} người, vượt mức {limit}.",
        "Unit {unit} (group {group}) has named {named} people, over its limit of {limit}.",
    ),
    "selection_seated_elsewhere": (
        "{nominee} đã được ấn định tại đây nhưng cũng dự đại hội khác; kế hoạch không cho phép.",
        "{nominee} is fixed here and goes to another congress too, which the plan does not allow.",
    ),
    "selection_pair_unknown": (
        "Cặp loại trừ {one} và {other} không phải là hai người được giới thiệu khác nhau.",
        "The pair {one} and {other} is not two different nominees.",
    ),
    "selection_pair_seated": (
        "{one} và {other} không được cùng có mặt nhưng cả hai đã được ấn định.",
        "{one} and {other} may not both sit, and both are fixed.",
    ),
    "selection_weight_without_target": (
        "Trọng số được đặt cho {target}, không phải là một chỉ tiêu cơ cấu.",
        "A weight is given for {target}, which is no target.",
    ),
    "selection_weight_out_of_range": (
        "Trọng số {weight} của {target} không nằm trong khoảng từ 1 đến {most}.",
        "The weight {weight} of {target} does not lie between 1 and {most}.",
    ),
    # The list, counted again
    "selection_nominee_unknown": (
        "{nominee} không phải là người được giới thiệu.",
        "{nominee} is no nominee.",
    ),
    "selection_seats_not_kept": (
        "Đơn vị {unit} (nhóm {group}) có {chosen} người trong danh sách cho {seats} chỗ.",
        "Unit {unit} (group {group}) has {chosen} people on the list for {seats} seats.",
    ),
    "selection_hold_broken": (
        "Danh sách không giữ điều đã ấn định đối với {nominee} ({hold}).",
        "The list does not keep what is settled about {nominee} ({hold}).",
    ),
    "selection_pair_broken": (
        "{one} và {other} không được cùng có mặt trong danh sách.",
        "{one} and {other} may not both be on the list.",
    ),
    "selection_target_broken": (
        "Danh sách không đạt chỉ tiêu bắt buộc {target}: có {yes} người.",
        "The list does not keep the hard target {target}: it has {yes} persons.",
    ),
    # How it ended
    "selection_budget_ended": (
        "Đã dừng tìm kiếm sau {nodes} bước; kết quả chưa được chứng minh là tốt nhất và chưa thể thông qua.",
        "The search ended after {nodes} nodes; its result is not proven and cannot be adopted.",
    ),
    "selection_solver_failed": (
        "Bộ giải không cho kết quả sau hai lần chạy; chưa thể kết luận gì.",
        "The solver gave no answer, twice; nothing follows from that.",
    ),
    "selection_infeasible": (
        "Không có danh sách nào đáp ứng mọi yêu cầu bắt buộc; thiếu ít nhất {short}.",
        "No list keeps all that is hard; every one falls short by at least {short}.",
    ),
    # The pool in numbers
    "selection_pool_short": (
        "Chỉ tiêu {target} cần {least} người; danh sách chỉ có thể có nhiều nhất {reachable}.",
        "Target {target} asks for {least}; no list can have more than {reachable}.",
    ),
    "selection_pool_over": (
        "Chỉ tiêu {target} cho phép {most} người; danh sách nào cũng có ít nhất {unavoidable}.",
        "Target {target} allows {most}; every list has at least {unavoidable}.",
    ),
    "selection_pool_suffices": (
        "Chỉ tiêu {target}: có {yes} người được giới thiệu, danh sách có thể có đến {reachable}.",
        "Target {target}: {yes} are named, and a list can have up to {reachable}.",
    ),
    # What clashes
    "selection_clash_target": (
        "Một phía của mâu thuẫn là chỉ tiêu {ids} ({side}).",
        "One side of the clash is the target {ids} ({side}).",
    ),
    "selection_clash_pair": (
        "Một phía của mâu thuẫn là cặp loại trừ {ids}.",
        "One side of the clash is that {ids} may not both sit.",
    ),
    "selection_clash_pin": (
        "Một phía của mâu thuẫn là {ids} được Hội đồng giữ trong danh sách.",
        "One side of the clash is that the council pinned {ids}.",
    ),
    "selection_reachable": (
        "Chỉ tiêu {target}: đạt được {reachable} trên {wanted}.",
        "Target {target}: {reachable} of {wanted} is within reach.",
    ),
    "selection_ask_unit": (
        "Đơn vị {unit} (nhóm {group}) có thể giới thiệu thêm đến {room} người thuộc diện còn thiếu.",
        "Unit {unit} (group {group}) could name up to {room} more people of the kind that is missing.",
    ),
    # Why one nominee is not on the list
    "selection_left_out_held_off": (
        "Không được xét: đã bị rút, không đủ điều kiện hoặc dự đại hội khác.",
        "Not considered: taken off, not eligible, or going to another congress.",
    ),
    "selection_left_out_no_seat": (
        "Mọi chỗ của đơn vị đã dành cho người được ấn định.",
        "Every seat of the unit is held by someone who sits in any case.",
    ),
    "selection_left_out_pair": (
        "Đã chọn một người không được cùng có mặt với người này.",
        "Somebody is chosen with whom this person may not sit.",
    ),
    "selection_left_out_colleague": (
        "Người cùng đơn vị, cùng cơ cấu có điểm cao hơn đã được chọn.",
        "Somebody of the same unit and profile is chosen and has more points.",
    ),
    "selection_left_out_lot": (
        "Người cùng đơn vị, cùng cơ cấu, cùng điểm được chọn theo bốc thăm.",
        "Somebody of the same unit, profile and points is chosen, by the lot.",
    ),
    "selection_left_out_cost": (
        "Nếu chọn người này, danh sách mất ít nhất {points} điểm hoặc thiếu thêm về cơ cấu.",
        "A list with this person has at least {points} points less, or falls shorter of a target.",
    ),
    "selection_left_out_even": (
        "Chưa thấy danh sách có người này kém hơn; bốc thăm hoặc cách kết hợp đã quyết định.",
        "No list with this person is known to be worse; the lot or the combination decided.",
    ),
    "selection_why_not_chosen": ("Người này có trong danh sách.", "This person is on the list."),
    "selection_why_not_settled": (
        "Người này đã được loại khỏi danh sách trước khi lựa chọn.",
        "This person was off the list before anything was chosen.",
    ),
    "selection_why_not_impossible": (
        "Không có danh sách nào có người này mà giữ được các yêu cầu bắt buộc.",
        "No list with this person keeps what is hard.",
    ),
    "selection_why_not_shortfall": (
        "Danh sách có người này thiếu thêm {short} ở ưu tiên {priority}.",
        "A list with this person falls {short} shorter in priority {priority}.",
    ),
    "selection_why_not_score": (
        "Danh sách tốt nhất có người này kém {points} điểm.",
        "The best list with this person has {points} points less.",
    ),
    "selection_why_not_lot": (
        "Có danh sách tốt ngang bằng với người này; bốc thăm đã quyết định.",
        "A list with this person is as good; the lot decided.",
    ),
    "selection_why_not_unknown": (
        "Chưa xác định được lý do trong giới hạn tìm kiếm.",
        "The reason could not be found within the budget.",
    ),
    # Edits and replacements
    "selection_edit_invalid": ("Thay đổi đề nghị chưa đúng.", "The edit cannot be right."),
    "selection_edit_unknown": (
        "{nominee} không phải là người được giới thiệu, hoặc vừa được giữ vừa được rút.",
        "{nominee} is no nominee, or is both pinned and dropped.",
    ),
    "selection_edit_settled": (
        "Việc có mặt của {nominees} đã được ấn định, không thể thay đổi ở đây.",
        "Whether {nominees} sit is settled and cannot be changed here.",
    ),
    "selection_target_unknown": (
        "Chỉ tiêu {target} không có phía {side}.",
        "Target {target} has no {side}.",
    ),
    "selection_frozen": (
        "Từ {since}, việc thay thế cần có lý do và thẩm quyền quyết định.",
        "Since {since} a replacement needs a reason and an authority.",
    ),
    "replacement_invalid": (
        "Yêu cầu thay thế không khớp với danh sách.",
        "The replacement does not fit the list.",
    ),
    "replacement_not_on_list": (
        "{nominee} không có trong danh sách nên không thể được thay thế.",
        "{nominee} is not on the list and cannot be replaced.",
    ),
    "replacement_seat_unfilled": (
        "Đơn vị {unit} (nhóm {group}) không còn ai cho {seats} chỗ: trả lại hoặc để trống theo quyết định.",
        "Unit {unit} (group {group}) has nobody left for {seats} seats: return them or decide on empty ones.",
    ),
    "replacement_shortfall_worse": (
        "Ưu tiên {priority} thiếu {after}, trước khi thay thế thiếu {before}.",
        "Priority {priority} is {after} short; it was {before} before the replacement.",
    ),
}
