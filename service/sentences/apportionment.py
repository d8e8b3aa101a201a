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
}
