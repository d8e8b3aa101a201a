"""What the apportionment engine and the verifier have to say."""

SENTENCES: dict[str, tuple[str, str]] = {
    "apportionment_invalid": (
        "Yêu cầu phân bổ không hợp lệ.",
        "The apportionment asked for is not valid.",
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
    "id_repeated": ("Mã đơn vị {id} bị lặp lại.", "The unit id {id} occurs twice."),
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
        "Unit {id}: the base {base} is above the maximum {cap}.",
    ),
    "parameter_unused": (
        "Phương pháp {method} không dùng tham số {parameter}.",
        "The method {method} has no parameter {parameter}.",
    ),
    "parameter_not_exact": (
        "Tham số {parameter} phải là số nguyên hoặc phân số chính xác.",
        "The parameter {parameter} must be a whole number or an exact fraction.",
    ),
    "c_missing": (
        "Phương pháp ước số với điểm làm tròn cần tham số c.",
        "The stationary method needs its parameter c.",
    ),
    "c_out_of_range": ("Tham số c phải từ 0 đến 1.", "The parameter c must lie between 0 and 1."),
    "first_divisor_out_of_range": (
        "Ước số đầu tiên phải lớn hơn 0 và nhỏ hơn 3.",
        "The first divisor must be above 0 and below 3.",
    ),
    "quota_unknown": (
        "Định mức phải là Hare hoặc Droop.",
        "The quota must be Hare or Droop.",
    ),
    "bounds_unknown": (
        "Cách áp dụng giới hạn phải là refit hoặc whole_house.",
        "The way in which bounds act must be refit or whole_house.",
    ),
    "lots_invalid": (
        "Kết quả bốc thăm không khớp với các đơn vị ngang nhau.",
        "The lots do not match the tied units.",
    ),
    "lot_not_tied": (
        "Đơn vị {id} không nằm trong số các đơn vị phải bốc thăm, hoặc được nêu hai lần.",
        "Unit {id} is not among those that draw lots, or is named twice.",
    ),
    "lot_missing": (
        "Thiếu kết quả bốc thăm của đơn vị {id}.",
        "The lot of unit {id} is missing.",
    ),
    "certificate_malformed": (
        "Chứng thư phân bổ không đúng định dạng.",
        "The certificate does not follow its format.",
    ),
    "certificate_scale_wrong": (
        "Hệ số trong chứng thư không cho ra tổng số đại biểu.",
        "The scale in the certificate does not add up to the house.",
    ),
    "certificate_bound_broken": (
        "Đơn vị {id} có {seats} đại biểu, ngoài giới hạn của mình.",
        "Unit {id} has {seats} seats, outside its bounds.",
    ),
    "certificate_sum_differs": (
        "Cộng số đại biểu của các đơn vị không bằng {seats}.",
        "The seats of the units do not add up to {seats}.",
    ),
    "certificate_feasible": (
        "Chứng thư nói không thể phân bổ, nhưng các giới hạn cho phép.",
        "The certificate says it cannot be done, but the bounds allow it.",
    ),
    "certificate_house_wrong": (
        "Tổng số đại biểu gần nhất nêu trong chứng thư là sai.",
        "The nearest possible house that the certificate names is wrong.",
    ),
    "certificate_lots_missing": (
        "Chứng thư thiếu kết quả bốc thăm, hoặc có mà không được cần đến.",
        "The certificate lacks lots, or has some that nothing calls for.",
    ),
    "certificate_lots_wrong": (
        "Kết quả bốc thăm trong chứng thư không nêu mỗi đơn vị ngang nhau đúng một lần.",
        "The lots in the certificate do not name each tied unit once.",
    ),
    "certificate_tie_wrong": (
        "Nhóm đơn vị ngang nhau nêu trong chứng thư không đúng.",
        "The tie that the certificate declares is not the one there is.",
    ),
    "certificate_digest_differs": (
        "Mã băm của đợt bốc thăm không khớp với số liệu: số liệu đã bị thay đổi.",
        "The digest of the tie does not match the figures: they have been changed.",
    ),
    "certificate_seat_misplaced": (
        "Đơn vị {id} đáng được một đại biểu không kém đơn vị {other}, đơn vị đang giữ đại biểu đó.",
        "Unit {id} has at least as good a claim to a seat as unit {other}, which holds it.",
    ),
    "allocation_invalid": (
        "Yêu cầu phân bổ theo kế hoạch không hợp lệ.",
        "The allocation asked for is not valid.",
    ),
    "figure_missing": (
        "Đơn vị {id} chưa báo cáo số liệu {figure}; chưa biết không có nghĩa là bằng không.",
        "Unit {id} has not reported {figure}; unknown is not zero.",
    ),
    "figure_not_exact": (
        "Số liệu {figure} của đơn vị {id} phải là số chính xác, không âm.",
        "The figure {figure} of unit {id} must be exact and not negative.",
    ),
    "factor_not_exact": (
        "Hệ số của {figure} phải là số chính xác, không âm.",
        "The factor of {figure} must be exact and not negative.",
    ),
    "bloc_unknown": (
        "Đơn vị {id} thuộc khối {bloc}, khối này không có trong quy tắc phân bổ.",
        "Unit {id} belongs to bloc {bloc}, which the rule does not have.",
    ),
    "proportional_not_last": (
        "Phần phân bổ theo tỷ lệ phải đứng sau cùng, vì nó chia phần còn lại.",
        "The proportional component has to come last, since it shares out the rest.",
    ),
    "step_not_positive": (
        "Mức tính thêm đại biểu phải là số chính xác lớn hơn không.",
        "A step has to be an exact number above zero.",
    ),
    "component_not_a_count": (
        "Số đại biểu trong quy tắc phải là số nguyên không âm.",
        "The seats that a rule names must be whole numbers, zero or more.",
    ),
    "adjustment_unit_unknown": (
        "Điều chỉnh nêu đơn vị {id}, đơn vị này không tham gia phân bổ.",
        "The adjustment names unit {id}, which takes no part.",
    ),
    "adjustment_repeated": (
        "Đơn vị {id} được điều chỉnh hai lần.",
        "Unit {id} is adjusted twice.",
    ),
    "adjustment_unreasoned": (
        "Điều chỉnh đối với đơn vị {id} phải có lý do và người quyết định.",
        "The adjustment of unit {id} needs a reason and an author.",
    ),
    "lot_stage_unknown": (
        "Không có bước phân bổ {stage} nào cần bốc thăm.",
        "There is no stage {stage} that calls for a lot.",
    ),
    "certificate_parts_differ": (
        "Các phần đại biểu của đơn vị {id} không đúng với quy tắc.",
        "The parts of unit {id} are not what the components give.",
    ),
    "certificate_left_wrong": (
        "Số đại biểu còn lại phải là {left}.",
        "The seats left over have to be {left}.",
    ),
    "certificate_stage_differs": (
        "Bước phân bổ {stage} không dựa trên số liệu của chứng thư.",
        "The stage {stage} does not rest on the figures of the certificate.",
    ),
    "certificate_status_wrong": (
        "Tình trạng nêu trong chứng thư không khớp với các bước phân bổ.",
        "The status does not agree with the stages.",
    ),
    "certificate_seats_differ": (
        "Đơn vị {id} phải có {seats} đại biểu.",
        "Unit {id} has to have {seats} seats.",
    ),
}
