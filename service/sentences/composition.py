"""Sentences of composition: targets, their split over units, and the live check of a list."""

SENTENCES: dict[str, tuple[str, str]] = {
    # Targets
    "target_twice": (
        "Chỉ tiêu cơ cấu {target} xuất hiện hai lần.",
        "The composition target {target} is listed twice.",
    ),
    "target_without_number": (
        "Chỉ tiêu cơ cấu {target} không có số lượng hoặc tỷ lệ nào.",
        "The composition target {target} has neither a number nor a share.",
    ),
    "target_negative": (
        "Chỉ tiêu cơ cấu {target} có số lượng âm.",
        "The composition target {target} has a negative number.",
    ),
    "target_share_out_of_range": (
        "Tỷ lệ của {id} phải từ 0% đến 100%.",
        "The share of {id} must be from 0% to 100%.",
    ),
    "target_min_over_max": (
        "Chỉ tiêu cơ cấu {target}: số tối thiểu {least} lớn hơn số tối đa {most}.",
        "Composition target {target}: the minimum {least} is above the maximum {most}.",
    ),
    "target_over_size": (
        "Chỉ tiêu cơ cấu {target} yêu cầu {least} người trong khi chỉ có {size} chỗ.",
        (
            "Composition target {target} requires {least:person|people}, but only {size:seat is|seats are} "
            "available."
        ),
    ),
    "target_on_empty_scope": (
        "Chỉ tiêu cơ cấu {target} áp dụng cho một nhóm không có chỗ nào.",
        "Composition target {target} applies to a group that has no seats.",
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
        (
            "The targets {targets} exclude each other; their minimums add up to {least}, more than the "
            "{size:seat|seats}."
        ),
    ),
    "partition_under_size": (
        "Các chỉ tiêu {targets} bao gồm cả danh sách; tổng số tối đa {most} không đủ cho {size} chỗ.",
        (
            "The targets {targets} cover the whole list; their maximums add up to {most}, too few for "
            "{size:seat|seats}."
        ),
    ),
    "partition_shares_not_whole": (
        "Các tỷ lệ của cùng một cơ cấu cộng lại được {sum}, phải bằng 1.",
        "The shares of one partition add up to {sum}; they must add up to 1.",
    ),
    "target_not_shown": (
        "Chỉ tiêu cơ cấu {target}: ông/bà không được đọc thông tin của {hidden} người trong danh sách.",
        "Composition target {target}: you may not read the data of {hidden:person|people} on the list.",
    ),
    # The split over units
    "split_invalid": (
        "Số liệu để phân bổ cơ cấu không hợp lệ.",
        "The figures for the split are not valid.",
    ),
    "split_empty": (
        "Cần ít nhất một đơn vị và từ 1 đến {most} giá trị để phân bổ cơ cấu.",
        "A split needs at least one unit and from 1 to {most:value|values}.",
    ),
    "split_figure_out_of_range": (
        "Số {figure} phải nằm trong khoảng từ 0 đến {most}.",
        "The figure {figure} must be from 0 to {most}.",
    ),
    "split_off_seats": (
        "Tổng chỉ tiêu là {columns}, tổng số chỗ của các đơn vị là {seats}; hai số phải bằng nhau.",
        (
            "The targets add up to {columns}, the units have {seats:seat|seats} in total; the two numbers "
            "must be equal."
        ),
    ),
    "split_unit_twice": (
        "Đơn vị {unit} xuất hiện hai lần.",
        "The unit {unit} is listed twice.",
    ),
    "split_unit_unknown": (
        "Đơn vị {unit} không có trong bảng phân bổ cơ cấu.",
        "The unit {unit} is not part of the split.",
    ),
    "split_value_unknown": (
        "Giá trị {value} không có trong các chỉ tiêu được phân bổ.",
        "The value {value} is not one of the targets to be split.",
    ),
    "split_people_over_headcount": (
        "Đơn vị {unit}: cộng theo cơ cấu được {people} người, nhiều hơn tổng số {headcount} người.",
        "Unit {unit}: the numbers by value add up to {people}, more than its total of {headcount}.",
    ),
    "split_by_hand_over_target": (
        "Số giao trực tiếp cho {value} là {by_hand}, vượt chỉ tiêu {wanted}.",
        "By hand, {by_hand:seat is|seats are} given to {value}, more than the target of {wanted}.",
    ),
    "split_by_hand_out_of_range": (
        "Không thể giao {by_hand} chỗ {value} cho đơn vị {unit}: nhiều nhất là {most}.",
        "Unit {unit} can be given at most {most:seat|seats} for {value}, not {by_hand}.",
    ),
    "split_by_hand_off_seats": (
        "Số giao trực tiếp cho đơn vị {unit} là {by_hand}, không khớp với {seats} chỗ của đơn vị.",
        "By hand, unit {unit} is given {by_hand:seat|seats}, which does not match its total of {seats}.",
    ),
    "split_unit_short": (
        "Theo số liệu của đơn vị {unit} chỉ có {people} người cho {seats} chỗ, thiếu {short}.",
        "By its own figures, unit {unit} has {people:person|people} for {seats:seat|seats}, {short} too few.",
    ),
    "split_by_seats": (
        "{count} đơn vị thiếu số liệu; phần của các đơn vị này được tính theo số chỗ.",
        "{count:unit has|units have} incomplete figures; their part was computed from their seats.",
    ),
    "split_out_of_reach": (
        "Cần {wanted} chỗ cho {values}, các đơn vị chỉ bố trí được {reachable}; {count} đơn vị thiếu người.",
        (
            "{wanted:seat is|seats are} needed for {values}; {count:unit has|units have} too few people, so "
            "only {reachable} can be filled."
        ),
    ),
    "stacking_below_floor": (
        "Chỉ tiêu {target}: {count} đơn vị nhận ít hơn phần của mình vì còn phải đáp ứng các chỉ tiêu khác.",
        (
            "Target {target}: {count:unit|units} got less than a proportional share, because of the other "
            "targets."
        ),
    ),
    "stacking_above_ceiling": (
        "Chỉ tiêu {target}: {count} đơn vị nhận nhiều hơn phần của mình để thay cho đơn vị nhỏ.",
        "Target {target}: {count:unit|units} got more than a proportional share, in place of smaller units.",
    ),
    "stacking_guard": (
        "Chỉ tiêu {target}: {count} đơn vị bị giao nhiều yêu cầu hơn mức cho phép vì không có cách khác.",
        (
            "Target {target}: {count:unit|units} must meet more targets than the limit allows; there is no "
            "other way."
        ),
    ),
    # The check of a list
    "list_person_twice": (
        "Một người có tên hai lần trong danh sách.",
        "One person is on the list twice.",
    ),
    "target_met": (
        "Chỉ tiêu {target} đã đạt: {yes} người.",
        "Target {target} is met, with {yes:person|people}.",
    ),
    "target_unknown": (
        "Chưa xác định được chỉ tiêu {target}: {yes} người đã đáp ứng, {unknown} người chưa khai.",
        (
            "It is unclear if target {target} is met: {yes:person counts|people count}, {unknown:has|have} "
            "not stated it."
        ),
    ),
    "target_short": (
        "Chỉ tiêu {target} còn thiếu {short} người; còn {open} chỗ trống.",
        "Target {target} is short by {short:person|people}; {open:seat is|seats are} still free.",
    ),
    "target_over": (
        "Chỉ tiêu {target} vượt {over} người so với tối đa {most}.",
        "Target {target} is {over:person|people} over its maximum of {most}.",
    ),
    "target_unreachable": (
        "Chỉ tiêu {target} không thể đạt được nữa: cần {least}, nhiều nhất chỉ có thể được {reachable}.",
        "Target {target} can no longer be met: it needs {least}, and at most {reachable} can be reached.",
    ),
    "targets_clash": (
        "Các chỉ tiêu {targets} còn thiếu tổng cộng {short} người khác nhau, chỉ còn {room} chỗ.",
        (
            "The targets {targets} together need {short:more person|more people}, but there is room for only "
            "{room}."
        ),
    ),
}
