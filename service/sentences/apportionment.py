"""Sentences of the apportionment engine and of the verifier of certificates."""

SENTENCES: dict[str, tuple[str, str]] = {
    "apportionment_invalid": (
        "Yêu cầu phân bổ không hợp lệ.",
        "The request for an apportionment is not valid.",
    ),
    "claims_invalid": (
        "Số liệu của các đơn vị không hợp lệ.",
        "The figures of the units are not valid.",
    ),
    "columns_differ": (
        "Các cột số liệu không có cùng số dòng.",
        "The columns do not have the same number of rows.",
    ),
    "seats_not_a_count": (
        "Tổng số đại biểu phải là số nguyên không âm.",
        "The number of seats must be a whole number, zero or more.",
    ),
    "id_missing": ("Đơn vị thiếu mã định danh.", "The unit has no id."),
    "id_repeated": ("Mã đơn vị {id} bị lặp lại.", "The unit id {id} is repeated."),
    "weight_not_exact": (
        "Số liệu của đơn vị {id} phải là số nguyên hoặc phân số chính xác.",
        "The weight of unit {id} must be a whole number or an exact fraction.",
    ),
    "weight_negative": (
        "Số liệu của đơn vị {id} không được âm.",
        "The weight of unit {id} must not be negative.",
    ),
    "bound_not_a_count": (
        "Giới hạn số đại biểu ({bound}) của đơn vị {id} phải là số nguyên không âm.",
        "The bound ({bound}) of unit {id} must be a whole number, zero or more.",
    ),
    "floor_above_cap": (
        "Đơn vị {id}: số tối thiểu {floor} lớn hơn số tối đa {cap}.",
        "Unit {id}: the minimum {floor} is above the maximum {cap}.",
    ),
    "base_above_cap": (
        "Đơn vị {id}: số cơ bản {base} lớn hơn số tối đa {cap}.",
        "Unit {id}: the base number {base} is above the maximum {cap}.",
    ),
    "parameter_unused": (
        "Phương pháp {method} không dùng tham số {parameter}.",
        "The method {method} does not use the parameter {parameter}.",
    ),
    "parameter_not_exact": (
        "Tham số {parameter} phải là số nguyên hoặc phân số chính xác.",
        "The parameter {parameter} must be a whole number or an exact fraction.",
    ),
    "c_missing": (
        "Phương pháp ước số với điểm làm tròn cần tham số c.",
        "The stationary method needs the parameter c.",
    ),
    "c_out_of_range": ("Tham số c phải từ 0 đến 1.", "The parameter c must be from 0 to 1."),
    "first_divisor_out_of_range": (
        "Ước số đầu tiên phải lớn hơn 0 và nhỏ hơn 3.",
        "The first divisor must be greater than 0 and less than 3.",
    ),
    "quota_unknown": (
        "Định mức phải là Hare hoặc Droop.",
        "The quota must be Hare or Droop.",
    ),
    "bounds_unknown": (
        "Cách áp dụng giới hạn phải là refit hoặc whole_house.",
        "The way of applying minimums and maximums must be refit or whole_house.",
    ),
    "lots_invalid": (
        "Kết quả bốc thăm không khớp với các đơn vị ngang nhau.",
        "The result of the draw does not match the tied units.",
    ),
    "lot_not_tied": (
        "Đơn vị {id} không nằm trong số các đơn vị phải bốc thăm, hoặc được nêu hai lần.",
        "Unit {id} is not one of the units that draw lots, or it is named twice.",
    ),
    "lot_missing": (
        "Thiếu kết quả bốc thăm của đơn vị {id}.",
        "The result of the draw does not name unit {id}.",
    ),
    "certificate_malformed": (
        "Chứng thư phân bổ không đúng định dạng.",
        "The certificate does not have the right format.",
    ),
    "certificate_scale_wrong": (
        "Hệ số trong chứng thư không cho ra tổng số đại biểu.",
        "The scale in the certificate does not give the total number of seats.",
    ),
    "certificate_bound_broken": (
        "Đơn vị {id} có {seats} đại biểu, ngoài mức tối thiểu và tối đa của đơn vị.",
        "Unit {id} has {seats:seat|seats}, which is outside its minimum and maximum.",
    ),
    "certificate_sum_differs": (
        "Cộng số đại biểu của các đơn vị không bằng {seats}.",
        "The seats of the units do not add up to {seats}.",
    ),
    "certificate_feasible": (
        "Chứng thư ghi là không thể phân bổ, nhưng các mức tối thiểu và tối đa vẫn cho phép.",
        "The certificate says that no allocation is possible, but the minimums and maximums allow one.",
    ),
    "certificate_house_wrong": (
        "Tổng số đại biểu gần nhất nêu trong chứng thư là sai.",
        "The nearest possible number of seats in the certificate is wrong.",
    ),
    "certificate_lots_missing": (
        "Chứng thư thiếu kết quả bốc thăm, hoặc có kết quả bốc thăm không cần đến.",
        "The result of a draw is missing from the certificate, or is there although none is needed.",
    ),
    "certificate_lots_wrong": (
        "Kết quả bốc thăm trong chứng thư không nêu mỗi đơn vị ngang nhau đúng một lần.",
        "The result of the draw in the certificate does not name each tied unit exactly once.",
    ),
    "certificate_tie_wrong": (
        "Nhóm đơn vị ngang nhau nêu trong chứng thư không đúng.",
        "The group of tied units in the certificate is wrong.",
    ),
    "certificate_digest_differs": (
        "Mã băm của đợt bốc thăm không khớp với số liệu: số liệu đã bị thay đổi.",
        "The digest of the tie does not match the figures; the figures were changed.",
    ),
    "certificate_seat_misplaced": (
        "Đơn vị {id} đáng được một đại biểu không kém đơn vị {other}, là đơn vị đã được đại biểu đó.",
        "Unit {id} has at least as strong a claim to a seat as unit {other}, which received it.",
    ),
    "allocation_invalid": (
        "Yêu cầu phân bổ theo kế hoạch không hợp lệ.",
        "The request for an allocation is not valid.",
    ),
    "figure_missing": (
        "Đơn vị {id} chưa báo cáo số liệu {figure}; chưa biết không có nghĩa là bằng không.",
        "Unit {id} has not reported {figure}; unknown does not mean zero.",
    ),
    "figure_not_exact": (
        "Số liệu {figure} của đơn vị {id} phải là số chính xác, không âm.",
        "The figure {figure} of unit {id} must be an exact number, zero or more.",
    ),
    "factor_not_exact": (
        "Hệ số của {figure} phải là số chính xác, không âm.",
        "The factor of {figure} must be an exact number, zero or more.",
    ),
    "bloc_unknown": (
        "Đơn vị {id} thuộc khối {bloc}, khối này không có trong quy tắc phân bổ.",
        "Unit {id} belongs to the bloc {bloc}, which is not in the allocation rule.",
    ),
    "proportional_not_last": (
        "Phần phân bổ theo tỷ lệ phải đứng sau cùng, vì nó chia phần còn lại.",
        "The proportional component must come last, because it divides the seats that are left.",
    ),
    "step_not_positive": (
        "Mức tính thêm đại biểu phải là số chính xác lớn hơn 0.",
        "A step must be an exact number greater than zero.",
    ),
    "component_not_a_count": (
        "Số đại biểu trong quy tắc phải là số nguyên không âm.",
        "The numbers of seats in a rule must be whole numbers, zero or more.",
    ),
    "adjustment_unit_unknown": (
        "Điều chỉnh nêu đơn vị {id}, đơn vị này không tham gia phân bổ.",
        "The adjustment names unit {id}, which takes no part in the allocation.",
    ),
    "adjustment_repeated": (
        "Đơn vị {id} được điều chỉnh hai lần.",
        "Unit {id} is adjusted twice.",
    ),
    "adjustment_unreasoned": (
        "Điều chỉnh đối với đơn vị {id} phải có lý do và người quyết định.",
        "The adjustment of unit {id} needs a reason and the name of the person who decided it.",
    ),
    "lot_stage_unknown": (
        "Không có bước phân bổ {stage} nào cần bốc thăm.",
        "There is no stage {stage} that needs a lot.",
    ),
    "certificate_parts_differ": (
        "Các phần đại biểu của đơn vị {id} không đúng với quy tắc.",
        "The parts of unit {id} do not follow from the rule.",
    ),
    "certificate_left_wrong": (
        "Số đại biểu còn lại phải là {left}.",
        "The number of seats left over must be {left}.",
    ),
    "certificate_stage_differs": (
        "Bước phân bổ {stage} không dựa trên số liệu của chứng thư.",
        "The stage {stage} is not based on the figures in the certificate.",
    ),
    "certificate_status_wrong": (
        "Tình trạng nêu trong chứng thư không khớp với các bước phân bổ.",
        "The status in the certificate does not match the stages.",
    ),
    "certificate_seats_differ": (
        "Đơn vị {id} phải có {seats} đại biểu.",
        "Unit {id} must have {seats:seat|seats}.",
    ),
}
