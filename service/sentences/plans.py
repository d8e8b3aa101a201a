"""What a plan's body can be refused for, and what in a plan somebody has to look at."""

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
            "Nhóm {group}: khối chưa nêu số lượng thì cần nhóm có tổng số và cách chia (sharing); "
            "đã nêu đủ thì không dùng."
        ),
        (
            "Group {group}: blocs without a number need the group's seats and its sharing; "
            "with all stated there is none."
        ),
    ),
    # Reading
    "plan_unreadable": ("Không đọc được kế hoạch.", "The plan cannot be read."),
    "plan_invalid": ("Kế hoạch có chỗ không thực hiện được.", "The plan cannot stand as it is."),
    "plan_not_utf8": (
        "Tệp không phải UTF-8 (dòng {line}); hãy lưu lại bằng UTF-8.",
        "The file is not UTF-8 (line {line}); save it as UTF-8.",
    ),
    "plan_too_deep": ("Nội dung lồng nhau quá {limit} cấp.", "It is nested deeper than {limit} levels."),
    "plan_key_twice": ("Trường này được ghi hai lần.", "This field is given twice."),
    "plan_number_not_exact": (
        'Số phải là số nguyên không quá {digits} chữ số, hoặc ghi trong dấu nháy, ví dụ "7/10" hay "12.5".',
        'A number must be an integer of at most {digits} digits, or in quotes, such as "7/10" or "12.5".',
    ),
    "yaml_syntax": (
        "YAML sai cú pháp ở dòng {line}, cột {column}.",
        "The YAML is malformed at line {line}, column {column}.",
    ),
    "yaml_character": (
        "Dòng {line} có ký tự mà YAML không nhận.",
        "Line {line} has a character that YAML does not take.",
    ),
    "yaml_key_twice": (
        "Dòng {line}, cột {column}: trường này đã có ở trên.",
        "Line {line}, column {column}: this field is already given above.",
    ),
    "yaml_alias": (
        "Dòng {line}, cột {column}: không dùng neo (&) và tham chiếu (*) của YAML.",
        "Line {line}, column {column}: YAML anchors (&) and aliases (*) are not taken.",
    ),
    "yaml_tag": (
        "Dòng {line}, cột {column}: không dùng nhãn (!) của YAML.",
        "Line {line}, column {column}: YAML tags (!) are not taken.",
    ),
    "yaml_merge_key": (
        "Dòng {line}, cột {column}: không dùng khóa gộp (<<) của YAML.",
        "Line {line}, column {column}: YAML merge keys (<<) are not taken.",
    ),
    "yaml_key": (
        "Dòng {line}, cột {column}: tên trường phải là văn bản.",
        "Line {line}, column {column}: the name of a field must be text.",
    ),
    "yaml_documents": (
        "Dòng {line}: tệp chỉ được có một tài liệu YAML.",
        "Line {line}: the file may hold one YAML document only.",
    ),
    "yaml_number": (
        'Dòng {line}, cột {column}: ghi trong dấu nháy nếu là văn bản hay phân số ("2.1", "7/10").',
        'Line {line}, column {column}: put it in quotes if it is text or a fraction ("2.1", "7/10").',
    ),
    # Fields
    "exact_form": (
        'Phải là số nguyên không âm, hoặc văn bản như "12.5" hay "7/10".',
        'It must be an integer from 0 on, or a text such as "12.5" or "7/10".',
    ),
    "window_form": (
        "Phải ghi năm và quý, năm và tháng, hoặc ngày đầu và ngày cuối.",
        "Give year and quarter, year and month, or first and last day.",
    ),
    "tier_for_nobody": (
        "Phải nêu loại đơn vị (kinds) hoặc đơn vị (units) của cấp này.",
        "Say which kinds of unit, or which units, the tier is for.",
    ),
    "plan_id_twice": ("Mã “{id}” đã dùng ở trên.", "The id “{id}” is already used above."),
    "plan_reference_unknown": (
        "Không có {kind} nào mang mã “{id}”.",
        "There is no {kind} with the id “{id}”.",
    ),
    "plan_source_missing": (
        "Phải nêu điều khoản (clause) hoặc quyết định (decision) làm căn cứ.",
        "Name the clause or the decision this comes from.",
    ),
    "plan_superior_cycle": (
        "Đi ngược lên từ {kind} “{id}” lại gặp chính nó.",
        "The {kind} “{id}” is above itself.",
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
        "A target that is split over units is limited by seat groups only.",
    ),
    "plan_by_hand_needs_split": (
        "Số giao riêng cho đơn vị chỉ dùng với chỉ tiêu được phân bổ (split).",
        "Numbers given to units by hand need a target that is split.",
    ),
    "plan_choose_one": ("Phải có đúng một trong: {fields}.", "Give exactly one of: {fields}."),
    "plan_range_backwards": (
        "Đầu ({first}) sau cuối ({last}).",
        "The first ({first}) is after the last ({last}).",
    ),
    "plan_out_of_range": ("Giá trị {value} ngoài khoảng cho phép.", "The value {value} is out of range."),
    "plan_threshold_overlaps": (
        "Đúng {number} người vừa là toàn thể vừa là đại biểu.",
        "Exactly {number} would be both plenary and delegate.",
    ),
    "plan_threshold_contradicts": (
        "Hình thức cho đúng {number} người trái với dấu của ngưỡng.",
        "The form for exactly {number} contradicts the signs of the threshold.",
    ),
    "plan_mix_not_hundred": (
        "Tỷ lệ điển hình và khách mời cộng lại là {sum}%, không phải 100%.",
        "Exemplars and guests make {sum}%, not 100%.",
    ),
    "plan_ties_measure": (
        "Tiêu chí phụ (measure) chỉ và phải có khi cách xử lý là second_criterion.",
        "A measure is needed for second_criterion, and for nothing else.",
    ),
    "plan_age_needs_day": (
        "Tuổi tối đa (age_at_most) và ngày tính tuổi (on) phải đi cùng nhau.",
        "An age needs the day on which it counts, and the day an age.",
    ),
    "plan_age_of_birth": ("Tuổi tính theo thuộc tính birth.", "An age is of the attribute birth."),
    "plan_attribute_of_person": (
        "Thuộc tính {attribute} là của người được cử (sent), không phải của tập thể.",
        "The attribute {attribute} is of the person sent, not of a collective.",
    ),
    "plan_blocs_need_units": (
        "Chỉ nhóm do đơn vị cử (units) mới chia khối; nhóm “{group}” thì không.",
        "Only a group filled by units has blocs; “{group}” is not.",
    ),
    "plan_offices_need_ex_officio": (
        "Chỉ nhóm đương nhiên (ex_officio) mới liệt kê chức vụ; nhóm “{group}” thì không.",
        "Only an ex-officio group lists offices; “{group}” is not.",
    ),
    "plan_blocs_off_group": (
        "Các khối của nhóm “{group}” cộng lại là {sum}, nhóm có {seats}.",
        "The blocs of “{group}” add up to {sum}, the group has {seats}.",
    ),
    "plan_floor_above_cap": (
        "Mức sàn {floor} cao hơn mức trần {cap}.",
        "The floor {floor} is above the cap {cap}.",
    ),
    "plan_method_parameter": (
        "Tham số này không hợp với phương pháp {method}.",
        "This parameter does not go with the method {method}.",
    ),
    "plan_groups_above_cap": (
        "Số đại biểu các nhóm là {sum}, vượt mức tối đa {cap}.",
        "The groups make {sum}, above the cap of {cap}.",
    ),
    # To look at
    "plan_without_number": ("Kế hoạch chưa có số.", "The plan has no number."),
    "plan_without_date": ("Kế hoạch chưa có ngày ban hành.", "The plan has no date."),
    "label_repeated": (
        "Mục “{label}” được in hơn một lần; mỗi chỗ mang mã riêng.",
        "The heading “{label}” is printed more than once; each place has an id of its own.",
    ),
    "periods_differ": (
        "Kế hoạch ghi các giai đoạn khác nhau: {periods}.",
        "The plan gives different periods: {periods}.",
    ),
    "congress_named_otherwise": (
        "Ở kế hoạch khác, đại hội “{congress}” mang tên “{name}”.",
        "Another plan calls the congress “{congress}” “{name}”.",
    ),
    "form_not_stated": (
        "Kế hoạch không nêu “{tier_name}” họp toàn thể hay đại biểu.",
        "The plan does not say whether “{tier_name}” meets in plenary or by delegates.",
    ),
    "threshold_silent": (
        "Kế hoạch không nói đơn vị có đúng {number} người họp hình thức nào.",
        "The plan does not say which form a unit of exactly {number} takes.",
    ),
    "threshold_jump": (
        "Đơn vị {below} người họp toàn thể đủ {below} người, đơn vị đông hơn ngưỡng chỉ được {cap} đại biểu.",
        "A unit of {below} meets with all {below}; a larger one may send only {cap} delegates.",
    ),
    "tolerance_missing": (
        "Tỷ lệ ghi “khoảng” nhưng không nói được chênh bao nhiêu.",
        "The mix says “about” without saying how far it may differ.",
    ),
    "mix_leaves_out": (
        "Tỷ lệ điển hình và khách mời không có phần cho nhóm “{group}”.",
        "The mix of exemplars and guests leaves no share for the group “{group}”.",
    ),
    "groups_off_mix": (
        "{exemplars} điển hình trên {total} đại biểu, ngoài khoảng {least} đến {most} của tỷ lệ.",
        "{exemplars} exemplars among {total}, outside the {least} to {most} of the mix.",
    ),
    "numbers_decided_twice": (
        "Kế hoạch giao việc định số lượng cho nhiều nơi: {organs}.",
        "The plan lets several decide the number: {organs}.",
    ),
    "criterion_without_target": (
        "Tiêu chí “{name}” chưa có con số; chỉ tiêu do Hội đồng quyết định.",
        "The criterion “{name}” has no number; targets are for the Council to decide.",
    ),
    "window_vague": (
        "Thời gian chỉ ghi đầu, giữa hay cuối kỳ, không ghi ngày.",
        "The time is given as early, middle or late only, without a day.",
    ),
    "window_after_superior": (
        "Hội nghị của “{tier_name}” có thể họp sau khi “{superior_name}” bắt đầu.",
        "Conferences of “{tier_name}” may meet after those of “{superior_name}” have begun.",
    ),
    "pilots_unnamed": (
        "Kế hoạch có đơn vị chỉ đạo điểm nhưng không nêu tên.",
        "The plan has pilot units and does not name them.",
    ),
    "pilot_not_earlier": (
        "Đơn vị điểm “{unit}” không họp sớm hơn các đơn vị cùng cấp.",
        "The pilot “{unit}” does not meet earlier than its peers.",
    ),
    "deadline_not_working_day": (
        "Hạn {day} rơi vào ngày nghỉ; theo quy ước của kế hoạch tính là {rolled}.",
        "The due day {day} is no working day; by the plan's rule it counts as {rolled}.",
    ),
    "deadline_stands_on_day_off": (
        "Hạn {day} rơi vào ngày nghỉ; kế hoạch không dời hạn nên vẫn tính đúng ngày đó.",
        "The due day {day} is no working day; the plan does not move it, so it stands.",
    ),
    "deadline_inside_window": (
        "Hạn gửi kế hoạch {day} nằm trong thời gian họp của “{tier_name}”.",
        "Plans are due on {day}, within the conference window of “{tier_name}”.",
    ),
    "deadline_reading_open": (
        "“Sau {days} ngày” có thể là trong vòng hoặc sau khi hết {days} ngày; cần chọn một cách hiểu.",
        "“After {days} days” may mean within or after that time; somebody has to choose.",
    ),
    "deadline_without_date": (
        "Hạn này không có ngày cố định.",
        "This deadline has no fixed day.",
    ),
    "instrument_awaited": (
        "Còn chờ văn bản “{instrument}”.",
        "The document “{instrument}” is still awaited.",
    ),
    "quota_awaited": (
        "Còn chờ cấp trên thông báo số lượng “{quota}”.",
        "The number of “{quota}” is still awaited from above.",
    ),
    "decision_made_up": (
        "Quyết định “{decision}” là giả định cho ví dụ, không phải văn bản thật.",
        "The decision “{decision}” is made up for an example; it is no real document.",
    ),
}
