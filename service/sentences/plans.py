"""Sentences on the content of a plan: what makes it invalid, and what somebody has to look at."""

WORDS = {
    "kind": {
        "clause": ("điều khoản", "clause"),
        "congress": ("đại hội", "congress"),
        "criterion": ("tiêu chí", "criterion"),
        "decision": ("quyết định", "decision"),
        "instrument": ("văn bản", "instrument"),
        "seat_group": ("nhóm đại biểu", "seat group"),
        "tier": ("cấp", "tier"),
        "unit": ("đơn vị", "unit"),
    }
}

SENTENCES: dict[str, tuple[str, str]] = {
    "plan_sharing_missing": (
        (
            "Nhóm {group}: khối chưa nêu số lượng thì nhóm phải có tổng số và cách chia (sharing); đã nêu đủ "
            "thì bỏ sharing."
        ),
        (
            "Group {group}: if any bloc has no number, give the group's seats and sharing; otherwise leave "
            "out sharing."
        ),
    ),
    # Reading
    "plan_unreadable": ("Không đọc được kế hoạch.", "The plan cannot be read."),
    "plan_invalid": ("Kế hoạch có nội dung không hợp lệ.", "The plan has errors and cannot be used."),
    "plan_not_utf8": (
        "Tệp không phải UTF-8 (dòng {line}); hãy lưu lại bằng UTF-8.",
        "The file is not UTF-8 (line {line}); save it as UTF-8.",
    ),
    "plan_too_deep": (
        "Nội dung lồng nhau quá {limit} cấp.",
        "The content is nested more than {limit:level|levels} deep.",
    ),
    "plan_key_twice": ("Trường này được ghi hai lần.", "This field is given twice."),
    "plan_number_not_exact": (
        'Số phải là số nguyên không quá {digits} chữ số, hoặc ghi trong dấu nháy, ví dụ "7/10" hay "12.5".',
        (
            'A number must be an integer of at most {digits:digit|digits}, or be in quotes, such as "7/10" '
            'or "12.5".'
        ),
    ),
    "yaml_syntax": (
        "YAML sai cú pháp ở dòng {line}, cột {column}.",
        "The YAML syntax is wrong at line {line}, column {column}.",
    ),
    "yaml_character": (
        "Dòng {line} có ký tự mà YAML không nhận.",
        "Line {line} has a character that YAML does not allow.",
    ),
    "yaml_key_twice": (
        "Dòng {line}, cột {column}: trường này đã có ở trên.",
        "Line {line}, column {column}: this field is already given above.",
    ),
    "yaml_alias": (
        "Dòng {line}, cột {column}: không dùng neo (&) và tham chiếu (*) của YAML.",
        "Line {line}, column {column}: YAML anchors (&) and aliases (*) are not allowed.",
    ),
    "yaml_tag": (
        "Dòng {line}, cột {column}: không dùng nhãn (!) của YAML.",
        "Line {line}, column {column}: YAML tags (!) are not allowed.",
    ),
    "yaml_merge_key": (
        "Dòng {line}, cột {column}: không dùng khóa gộp (<<) của YAML.",
        "Line {line}, column {column}: YAML merge keys (<<) are not allowed.",
    ),
    "yaml_key": (
        "Dòng {line}, cột {column}: tên trường phải là văn bản.",
        "Line {line}, column {column}: the name of a field must be text.",
    ),
    "yaml_documents": (
        "Dòng {line}: tệp chỉ được có một tài liệu YAML.",
        "Line {line}: the file may contain only one YAML document.",
    ),
    "yaml_number": (
        'Dòng {line}, cột {column}: ghi trong dấu nháy nếu là văn bản hay phân số ("2.1", "7/10").',
        'Line {line}, column {column}: if this is text or a fraction, put it in quotes ("2.1", "7/10").',
    ),
    # Fields
    "exact_form": (
        'Phải là số nguyên không âm, hoặc văn bản như "12.5" hay "7/10".',
        'It must be a whole number, zero or more, or text such as "12.5" or "7/10".',
    ),
    "window_form": (
        "Phải ghi năm và quý, năm và tháng, hoặc ngày đầu và ngày cuối.",
        "Give a year and a quarter, a year and a month, or a first and a last day.",
    ),
    "tier_for_nobody": (
        "Phải nêu loại đơn vị (kinds) hoặc đơn vị (units) của cấp này.",
        "State the kinds of unit (kinds) or the units (units) that the tier is for.",
    ),
    "plan_id_twice": ("Mã “{id}” đã dùng ở trên.", "The id “{id}” is already used above."),
    "plan_reference_unknown": (
        "Không có {kind} nào mang mã “{id}”.",
        "There is no {kind} with the id “{id}”.",
    ),
    "plan_source_missing": (
        "Phải nêu điều khoản (clause) hoặc quyết định (decision) làm căn cứ.",
        "Name the clause or the decision on which this is based.",
    ),
    "plan_superior_cycle": (
        "Quan hệ cấp trên của {kind} “{id}” tạo thành vòng lặp.",
        "The {kind} “{id}” is its own superior, directly or through others.",
    ),
    "plan_in_two_blocs": (
        "“{member}” nằm trong hơn một khối của nhóm.",
        "“{member}” is in more than one bloc of the group.",
    ),
    "plan_scope_twice": (
        "Chỉ được có nhiều nhất một trong: {fields}.",
        "Give at most one of: {fields}.",
    ),
    "plan_split_over_groups": (
        "Chỉ tiêu phân bổ cho đơn vị chỉ được giới hạn theo nhóm đại biểu.",
        "A target that is split over units can be limited only by group, not by bloc or unit.",
    ),
    "plan_by_hand_needs_split": (
        "Số giao riêng cho đơn vị chỉ dùng với chỉ tiêu được phân bổ (split).",
        "Numbers given to units by hand need a target that is split over units (split).",
    ),
    "plan_choose_one": ("Phải có đúng một trong: {fields}.", "Give exactly one of: {fields}."),
    "plan_range_backwards": (
        "Khoảng bị ngược: từ {first} đến {last}.",
        "The range is backwards: from {first} to {last}.",
    ),
    "plan_out_of_range": (
        "Giá trị {value} ngoài khoảng cho phép.",
        "The value {value} is outside the allowed range.",
    ),
    "plan_threshold_overlaps": (
        "Đơn vị có đúng {number} người vừa họp toàn thể vừa họp đại biểu.",
        "A unit of exactly {number:person|people} would meet both in plenary and by delegates.",
    ),
    "plan_threshold_contradicts": (
        "Hình thức cho đúng {number} người trái với dấu của ngưỡng.",
        "The form for exactly {number:person|people} contradicts the signs of the threshold.",
    ),
    "plan_mix_not_hundred": (
        "Tỷ lệ điển hình và khách mời cộng lại là {sum}%, không phải 100%.",
        "Exemplars and guests add up to {sum}%, not 100%.",
    ),
    "plan_ties_measure": (
        "Phải nêu tiêu chí phụ (measure) khi cách xử lý là second_criterion; cách khác thì không nêu.",
        "A measure is required when ties are settled by second_criterion, and is not allowed otherwise.",
    ),
    "plan_age_needs_day": (
        "Tuổi tối đa (age_at_most) và ngày tính tuổi (on) phải đi cùng nhau.",
        "Give the maximum age (age_at_most) and the day on which it is counted (on) together.",
    ),
    "plan_age_of_birth": (
        "Tuổi chỉ dùng với thuộc tính birth.",
        "An age can be used only with the attribute birth.",
    ),
    "plan_attribute_of_person": (
        "Thuộc tính {attribute} là của người được cử (sent), không phải của tập thể.",
        "The attribute {attribute} belongs to the person who is sent (sent), not to a collective.",
    ),
    "plan_blocs_need_units": (
        "Chỉ nhóm do đơn vị cử (units) mới chia khối; nhóm “{group}” thì không.",
        "Only a group that units nominate for (units) can have blocs; “{group}” is not such a group.",
    ),
    "plan_offices_need_ex_officio": (
        "Chỉ nhóm đương nhiên (ex_officio) mới liệt kê chức vụ; nhóm “{group}” thì không.",
        "Only an ex officio group (ex_officio) can list offices; “{group}” is not such a group.",
    ),
    "plan_blocs_off_group": (
        "Các khối của nhóm “{group}” cộng lại là {sum}, nhóm có {seats}.",
        "The blocs of “{group}” add up to {sum:seat|seats}, but the group has {seats}.",
    ),
    "plan_floor_above_cap": (
        "Mức sàn {floor} cao hơn mức trần {cap}.",
        "The minimum (floor) of {floor} is above the maximum (cap) of {cap}.",
    ),
    "plan_method_parameter": (
        "Phương pháp {method} không dùng tham số này, hoặc cần tham số này mà chưa có.",
        "The method {method} does not use this parameter, or needs it and it is missing.",
    ),
    "plan_groups_above_cap": (
        "Số đại biểu các nhóm là {sum}, vượt mức tối đa {cap}.",
        "The groups have {sum:seat|seats}, more than the maximum of {cap}.",
    ),
    # Warnings and notes
    "plan_without_number": ("Kế hoạch chưa có số.", "The plan has no number."),
    "plan_without_date": ("Kế hoạch chưa có ngày ban hành.", "The plan has no date of issue."),
    "label_repeated": (
        "Mục “{label}” xuất hiện hơn một lần trong kế hoạch; mỗi chỗ có mã riêng.",
        "The heading “{label}” appears more than once in the plan; each place has its own id.",
    ),
    "periods_differ": (
        "Kế hoạch ghi các giai đoạn khác nhau: {periods}.",
        "The plan states different periods: {periods}.",
    ),
    "congress_named_otherwise": (
        "Ở kế hoạch khác, đại hội “{congress}” mang tên “{name}”.",
        "Another plan gives the congress “{congress}” the name “{name}”.",
    ),
    "form_not_stated": (
        "Kế hoạch không nêu “{tier_name}” họp toàn thể hay đại biểu.",
        "The plan does not say whether “{tier_name}” meets in plenary or by delegates.",
    ),
    "threshold_silent": (
        "Kế hoạch không nêu đơn vị có đúng {number} người họp theo hình thức nào.",
        "The plan does not say which form is right for a unit of exactly {number:person|people}.",
    ),
    "threshold_jump": (
        "Đơn vị {below} người họp toàn thể đủ {below} người, đơn vị đông hơn ngưỡng chỉ được {cap} đại biểu.",
        (
            "A unit of {below:person|people} meets with everybody; a larger one may send only "
            "{cap:delegate|delegates}."
        ),
    ),
    "tolerance_missing": (
        "Tỷ lệ ghi “khoảng” nhưng không nói được chênh bao nhiêu.",
        "The mix says “about” but not how far it may differ.",
    ),
    "mix_leaves_out": (
        "Tỷ lệ điển hình và khách mời không có phần cho nhóm “{group}”.",
        "The mix of exemplars and guests has no share for the group “{group}”.",
    ),
    "groups_off_mix": (
        "{exemplars} điển hình trên {total} đại biểu, ngoài khoảng {least} đến {most} của tỷ lệ.",
        (
            "The groups have {exemplars:exemplar|exemplars} among {total:delegate|delegates}; the mix allows "
            "{least} to {most}."
        ),
    ),
    "numbers_decided_twice": (
        "Kế hoạch giao việc định số lượng cho nhiều nơi: {organs}.",
        "The plan lets more than one body decide the number: {organs}.",
    ),
    "criterion_without_target": (
        "Tiêu chí “{name}” chưa có con số; chỉ tiêu do Hội đồng quyết định.",
        "The criterion “{name}” has no number yet; the Council decides the targets.",
    ),
    "window_vague": (
        "Thời gian chỉ ghi đầu, giữa hay cuối kỳ, không ghi ngày.",
        "The time is given only as early, middle or late, without a date.",
    ),
    "window_after_superior": (
        "Hội nghị của “{tier_name}” có thể họp sau khi “{superior_name}” bắt đầu.",
        "Conferences of “{tier_name}” may meet after conferences of “{superior_name}” have begun.",
    ),
    "pilots_unnamed": (
        "Kế hoạch có đơn vị chỉ đạo điểm nhưng không nêu tên.",
        "The plan has pilot units but does not name them.",
    ),
    "pilot_not_earlier": (
        "Đơn vị điểm “{unit}” không họp sớm hơn các đơn vị cùng cấp.",
        "The pilot unit “{unit}” does not meet earlier than the other units of its tier.",
    ),
    "deadline_not_working_day": (
        "Hạn {day} rơi vào ngày nghỉ; theo quy ước của kế hoạch tính là {rolled}.",
        "The due date {day} is not a working day; by the plan's rule it becomes {rolled}.",
    ),
    "deadline_stands_on_day_off": (
        "Hạn {day} rơi vào ngày nghỉ; kế hoạch không dời hạn nên vẫn tính đúng ngày đó.",
        "The due date {day} is not a working day, but the plan does not move it.",
    ),
    "deadline_inside_window": (
        "Hạn gửi kế hoạch {day} nằm trong thời gian họp của “{tier_name}”.",
        "Plans are due on {day}, within the conference period of “{tier_name}”.",
    ),
    "deadline_reading_open": (
        "“Sau {days} ngày” có thể là trong vòng hoặc sau khi hết {days} ngày; cần chọn một cách hiểu.",
        "“After {days:day|days}” may mean within that time or after it; one meaning must be chosen.",
    ),
    "deadline_without_date": (
        "Hạn này không có ngày cố định.",
        "This deadline has no fixed date.",
    ),
    "instrument_awaited": (
        "Chưa có văn bản “{instrument}”; đang chờ ban hành.",
        "The document “{instrument}” is not available yet.",
    ),
    "quota_awaited": (
        "Còn chờ cấp trên thông báo số lượng “{quota}”.",
        "The higher level has not announced the number for “{quota}” yet.",
    ),
    "decision_made_up": (
        "Quyết định “{decision}” là giả định cho ví dụ, không phải văn bản thật.",
        "The decision “{decision}” is invented for an example; it is not a real document.",
    ),
}
