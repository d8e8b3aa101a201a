"""Sentences of composition: targets, their split over units, and the live check of a list."""

SENTENCES: dict[str, tuple[str, str]] = {
    # Targets
    "target_twice": (
        "Chỉ tiêu cơ cấu {target} xuất hiện hai lần.",
        "The composition target {target} is given twice.",
    ),
    "target_without_number": (
        "Chỉ tiêu cơ cấu {target} không có số lượng hoặc tỷ lệ nào.",
        "The composition target {target} has no number and no share.",
    ),
    "target_negative": (
        "Chỉ tiêu cơ cấu {target} có số lượng âm.",
        "The composition target {target} has a negative number.",
    ),
    "target_share_out_of_range": (
        "Tỷ lệ của {id} không nằm trong khoảng từ 0 đến 100%.",
        "The share of {id} does not lie between 0 and 100 %.",
    ),
    "target_min_over_max": (
        "Chỉ tiêu cơ cấu {target}: số tối thiểu {least} lớn hơn số tối đa {most}.",
        "Composition target {target}: the minimum {least} is above the maximum {most}.",
    ),
    "target_over_size": (
        "Chỉ tiêu cơ cấu {target} yêu cầu {least} người trong khi chỉ có {size} chỗ.",
        "Composition target {target} asks for {least} persons where there are {size} seats.",
    ),
    "target_on_empty_scope": (
        "Chỉ tiêu cơ cấu {target} áp dụng cho một nhóm không có chỗ nào.",
        "Composition target {target} applies to a group without any seat.",
    ),
    "target_attribute_unknown": (
        "Không có tiêu chí cơ cấu nào tên là {attribute}.",
        "There is no attribute {attribute}.",
    ),
    "target_code_unknown": (
        "Mã {code} không có trong danh mục của {attribute}.",
        "The code {code} is not in the list of {attribute}.",
    ),
    "partition_over_size": (
        "Các chỉ tiêu {targets} loại trừ nhau; tổng số tối thiểu {least} vượt quá {size} chỗ.",
        "The targets {targets} exclude each other; their minima make {least}, over the {size} seats.",
    ),
    "partition_under_size": (
        "Các chỉ tiêu {targets} chia hết danh sách; tổng số tối đa {most} không đủ cho {size} chỗ.",
        "The targets {targets} divide the whole list; their maxima make {most}, not the {size} seats.",
    ),
    "partition_shares_not_whole": (
        "Các tỷ lệ của cùng một cơ cấu cộng lại được {sum}, phải bằng 1.",
        "The shares of one partition add up to {sum}; they have to make 1.",
    ),
    "target_not_shown": (
        "Chỉ tiêu cơ cấu {target}: thông tin của {hidden} người trong danh sách không được đọc ở đây.",
        "Composition target {target}: what it counts of {hidden} persons may not be read here.",
    ),
    # The split over units
    "split_invalid": (
        "Số liệu để phân bổ cơ cấu chưa đúng.",
        "The figures for the split cannot be right.",
    ),
    "split_empty": (
        "Cần ít nhất một đơn vị và từ 1 đến {most} giá trị để phân bổ cơ cấu.",
        "A split needs at least one unit and from 1 to {most} values.",
    ),
    "split_figure_out_of_range": (
        "Số {figure} không nằm trong khoảng từ 0 đến {most}.",
        "The figure {figure} does not lie between 0 and {most}.",
    ),
    "split_off_seats": (
        "Tổng chỉ tiêu là {columns}, tổng số chỗ của các đơn vị là {seats}; hai số phải bằng nhau.",
        "The targets add up to {columns} and the units' seats to {seats}; the two have to be equal.",
    ),
    "split_unit_twice": (
        "Đơn vị {unit} xuất hiện hai lần.",
        "The unit {unit} is given twice.",
    ),
    "split_unit_unknown": (
        "Đơn vị {unit} không có trong bảng phân bổ cơ cấu.",
        "The unit {unit} is not part of the split.",
    ),
    "split_value_unknown": (
        "Giá trị {value} không có trong các chỉ tiêu được phân bổ.",
        "The value {value} is not among the targets that are split.",
    ),
    "split_people_over_headcount": (
        "Đơn vị {unit}: cộng theo cơ cấu được {people} người, nhiều hơn tổng số {headcount} người.",
        "Unit {unit}: its people by value make {people}, more than its head count of {headcount}.",
    ),
    "split_by_hand_over_target": (
        "Số giao trực tiếp cho {value} là {by_hand}, vượt chỉ tiêu {wanted}.",
        "{by_hand} places of {value} are given by hand, more than the target of {wanted}.",
    ),
    "split_by_hand_out_of_range": (
        "Không thể giao {by_hand} chỗ {value} cho đơn vị {unit}: nhiều nhất là {most}.",
        "Unit {unit} cannot be given {by_hand} places of {value}: {most} at most.",
    ),
    "split_by_hand_off_seats": (
        "Số giao trực tiếp cho đơn vị {unit} là {by_hand}, không khớp với {seats} chỗ của đơn vị.",
        "Unit {unit} is given {by_hand} places by hand, which does not fit its {seats} seats.",
    ),
    "split_unit_short": (
        "Theo số liệu của đơn vị {unit} chỉ có {people} người cho {seats} chỗ, thiếu {short}.",
        "By its own figures unit {unit} has {people} people for {seats} seats, {short} too few.",
    ),
    "split_by_seats": (
        "{count} đơn vị thiếu số liệu; phần của các đơn vị này được tính theo số chỗ.",
        "{count} units lack figures; their part was taken by seats.",
    ),
    "split_out_of_reach": (
        "Cần {wanted} chỗ cho {values}, các đơn vị chỉ bố trí được {reachable}; {count} đơn vị thiếu người.",
        "{values} ask for {wanted} seats; the units can fill {reachable}, as {count} have too few people.",
    ),
    "stacking_below_floor": (
        "Chỉ tiêu {target}: {count} đơn vị nhận ít hơn phần của mình vì đã được giao đủ yêu cầu khác.",
        "Target {target}: {count} units got less than their share, being bound by other targets.",
    ),
    "stacking_above_ceiling": (
        "Chỉ tiêu {target}: {count} đơn vị nhận nhiều hơn phần của mình thay cho đơn vị nhỏ.",
        "Target {target}: {count} units got more than their share, in place of small ones.",
    ),
    "stacking_guard": (
        "Chỉ tiêu {target}: {count} đơn vị bị giao nhiều yêu cầu hơn mức cho phép vì không có cách khác.",
        "Target {target}: {count} units carry more demands than the guard allows, as there is no other way.",
    ),
    # The live check
    "list_person_twice": (
        "Một người có tên hai lần trong danh sách.",
        "One person stands on the list twice.",
    ),
    "target_met": (
        "Chỉ tiêu {target} đã đạt: {yes} người.",
        "Target {target} is met: {yes} persons.",
    ),
    "target_unknown": (
        "Chỉ tiêu {target} chưa xác định được: {yes} người đã khai, {unknown} người chưa khai.",
        "Target {target} cannot be told yet: {yes} persons state it, {unknown} have not said.",
    ),
    "target_short": (
        "Chỉ tiêu {target} còn thiếu {short} người; còn {open} chỗ trống.",
        "Target {target} is {short} short; {open} places are open.",
    ),
    "target_over": (
        "Chỉ tiêu {target} vượt {over} người so với tối đa {most}.",
        "Target {target} is {over} over its maximum of {most}.",
    ),
    "target_unreachable": (
        "Chỉ tiêu {target} không thể đạt được nữa: cần {least}, nhiều nhất chỉ có thể được {reachable}.",
        "Target {target} is out of reach: it needs {least}, and {reachable} is the most it could get.",
    ),
    "targets_clash": (
        "Các chỉ tiêu {targets} còn thiếu tổng cộng {short} người khác nhau, chỉ còn {room} chỗ.",
        "The targets {targets} lack {short} different persons together, and there is room for {room}.",
    ),
}
