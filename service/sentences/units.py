"""Sentences for units, their figures and the files they come in.

In messages about a file, the row and the column come before the sentence
(``service.unit_files.translator``), which then begins with a small letter.
"""

from service.unit_files.columns import KIND_LABELS

_KINDS, _KINDS_EN = ("; ".join(f"{pair[n]} ({kind})" for kind, pair in KIND_LABELS.items()) for n in (0, 1))

_FILES = {
    "file_too_large": ("Tệp lớn quá {limit} byte.", "The file is larger than {limit:byte|bytes}."),
    "file_inflates": (
        "Tệp giải nén ra quá {limit} byte.",
        "The unpacked file is larger than {limit:byte|bytes}.",
    ),
    "file_too_complex": (
        "Tệp có quá {limit} thành phần.",
        "The file has more than {limit:element|elements}.",
    ),
    "unit_predecessors_many": (
        "Dòng {row}: quá {limit} đơn vị tiền thân.",
        "Row {row}: more than {limit:predecessor|predecessors}.",
    ),
    "file_not_xlsx": (
        "Đây không phải tệp XLSX, hoặc tệp bị hỏng hay có mật khẩu.",
        "This is not an XLSX file, or it is damaged or has a password.",
    ),
    "file_old_excel": (
        "Đây là tệp XLS kiểu cũ hoặc có mật khẩu; hãy lưu lại thành XLSX không mật khẩu.",
        "This file is in the old XLS format or has a password; save it as XLSX without a password.",
    ),
    "file_is_xlsx": (
        "Tệp này là XLSX hoặc ZIP, không phải CSV.",
        "This is an XLSX or ZIP file, not a CSV file.",
    ),
    "file_encoding_other": (
        "Tệp dùng bảng mã {encoding}; hãy lưu lại thành CSV UTF-8.",
        "The file uses the encoding {encoding}; save it as CSV UTF-8.",
    ),
    "file_not_utf8": (
        "Tệp không phải UTF-8 (dòng văn bản {line}); hãy lưu lại thành CSV UTF-8.",
        "The file is not UTF-8 (line {line}); save it as CSV UTF-8.",
    ),
    "file_not_text": (
        "Tệp chứa ký tự không phải văn bản.",
        "The file contains characters that are not text.",
    ),
    "file_quotes_broken": (
        "Dấu ngoặc kép không khép đúng ở dòng {line}.",
        "The quotation marks in line {line} do not match.",
    ),
    "file_cell_too_long": (
        "Dòng {line} có ô dài quá {limit} ký tự.",
        "Line {line} has a cell of more than {limit:character|characters}.",
    ),
    "file_too_many_rows": ("Tệp có quá {limit} dòng.", "The file has more than {limit:row|rows}."),
    "file_too_many_columns": ("Tệp có quá {limit} cột.", "The file has more than {limit:column|columns}."),
    "file_header_missing": (
        "Không tìm thấy dòng tiêu đề trong {limit} dòng đầu; hãy dùng tệp mẫu.",
        "There is no heading row in the first {limit:row|rows}; use the template.",
    ),
    "file_empty": ("Dưới dòng tiêu đề không có dòng nào.", "There are no rows below the headings."),
    "column_unknown": ("Không hiểu tiêu đề này.", "This heading is not understood."),
    "column_of_other_file": (
        "Cột này thuộc tệp khác: đơn vị và số liệu là hai tệp riêng.",
        "This column belongs to the other file; units and figures are two separate files.",
    ),
    "column_repeated": ("Trùng cột “{name}”.", "The column “{name}” is there twice."),
    "column_congress_unknown": (
        "Đại hội ở tiêu đề này không có; các đại hội đang có: {congresses}.",
        "The congress in this heading does not exist; the congresses are: {congresses}.",
    ),
    "column_congress_missing": (
        "Có nhiều đại hội; hãy ghi rõ một trong các mã {congresses} ở tiêu đề, như [parent:mã-đại-hội].",
        (
            "There are several congresses; name one of {congresses} in the heading, for example "
            "[parent:congress]."
        ),
    ),
    "column_congress_none": (
        "Chưa có đại hội nào; hãy nạp kế hoạch có nêu đại hội trước, rồi mới nhập cấp trên.",
        "There is no congress yet; first load a plan that names one, then enter the parents.",
    ),
    "column_missing": ("Thiếu cột “{name}”.", "The column “{name}” is missing."),
    "row_is_subtotal": (
        "Đây là dòng cộng, không được nhập.",
        "This is a subtotal row; it is not imported.",
    ),
}
_CELLS = {
    "cell_too_long": (
        "Nội dung dài quá {limit} ký tự.",
        "The text has more than {limit:character|characters}.",
    ),
    "cell_merged": (
        "Các ô {area} đã bị gộp; hãy bỏ gộp và ghi vào từng ô.",
        "The cell range {area} is merged; unmerge it and fill in each cell.",
    ),
    "cell_formula_without_value": (
        "Công thức chưa được tính; hãy ghi giá trị.",
        "The formula has no computed value; write the value.",
    ),
    "cell_holds_error": ("Ô đang báo lỗi tính toán.", "The cell contains a formula error."),
    "cell_starts_formula": (
        "Văn bản không được bắt đầu bằng =, +, - hoặc @.",
        "Text must not begin with =, +, - or @.",
    ),
    "cell_not_plain": ("Có ký tự không nhìn thấy được.", "The text contains invisible characters."),
    "cell_missing": ("Chưa ghi giá trị.", "The value is missing."),
    "cell_not_a_day": (
        "Không phải ngày; hãy ghi như 31/01/2020 hoặc 2020-01-31.",
        "This is not a date; write it as 31/01/2020 or 2020-01-31.",
    ),
    "cell_not_whole": (
        "Không phải số nguyên; chỉ ghi chữ số, không dấu chấm, dấu phẩy hay dấu cách.",
        "This is not a whole number; write digits only, without points, commas or spaces.",
    ),
    "cell_not_yes_or_no": ("Hãy ghi “có” hoặc “không”.", "Write “yes” or “no”."),
}
_UNITS = {
    "unit_code_missing": (
        "Chưa có mã, ví dụ “{suggestion}”.",
        "The code is missing, for example “{suggestion}”.",
    ),
    "unit_code_bad": (
        "Mã chỉ gồm chữ thường không dấu, chữ số và gạch nối, ví dụ “{suggestion}”.",
        "A code may have only small letters without accents, digits and hyphens, for example “{suggestion}”.",
    ),
    "unit_name_missing": ("Chưa có tên.", "The name is missing."),
    "unit_name_long": ("Tên dài quá {limit} ký tự.", "The name has more than {limit:character|characters}."),
    "unit_kind_unknown": (
        f"Không có loại đơn vị này; các loại: {_KINDS}.",
        f"There is no such kind of unit; the kinds are: {_KINDS_EN}.",
    ),
    "unit_date_absurd": (
        "Ngày phải từ {earliest} đến {latest}.",
        "The day must be from {earliest} to {latest}.",
    ),
    "unit_dates_reversed": ("Ngày cuối trước ngày đầu.", "The last day is before the first day."),
    "unit_repeated": (
        "Mã đã có ở dòng {first_row}; mỗi mã là một đơn vị.",
        "This code is already in row {first_row}; each code is one unit.",
    ),
    "unit_exists": (
        "Đơn vị đã có và ghi khác; hãy sửa đơn vị, hoặc đặt mã mới và ghi đơn vị tiền thân.",
        (
            "The unit already exists with other data; change it there, or give a new code and name its "
            "predecessor."
        ),
    ),
    "unit_unchanged": ("Đơn vị đã có, không đổi.", "The unit already exists and does not change."),
    "unit_name_repeated": (
        "Trùng tên, loại và cấp trên với dòng {first_row}.",
        "This row has the same name, kind and parents as row {first_row}.",
    ),
    "unit_identifier_long": (
        "Mã định danh dài quá {limit} ký tự.",
        "The identifier has more than {limit:character|characters}.",
    ),
    "unit_identifier_repeated": (
        "Mã định danh trùng với dòng {first_row} trong cùng thời gian.",
        "Row {first_row} has the same identifier at the same time.",
    ),
    "unit_identifier_taken": (
        "Mã định danh đang thuộc đơn vị “{unit}”.",
        "The identifier belongs to “{unit}” at that time.",
    ),
    "unit_parent_itself": ("Không thể là cấp trên của chính mình.", "A unit cannot be its own parent."),
    "unit_parent_unknown": (
        "Không có đơn vị cấp trên với mã này, cả trong tệp lẫn đã lưu.",
        "There is no parent with this code, in the file or among the stored units.",
    ),
    "unit_parent_not_valid": (
        "Đơn vị cấp trên chỉ có từ {valid_from} đến {valid_to}.",
        "The parent exists only from {valid_from} to {valid_to}.",
    ),
    "unit_parent_partly_valid": (
        "Đơn vị cấp trên chỉ có từ {valid_from} đến {valid_to}, không suốt thời gian của đơn vị.",
        "The parent exists only from {valid_from} to {valid_to}, not as long as the unit.",
    ),
    "unit_parent_cycle": (
        "{length} đơn vị là cấp trên của nhau theo vòng tròn: {units}.",
        "{length:unit is its own parent|units are parents of one another in a circle}: {units}.",
    ),
    "unit_predecessor_unknown": ("Không có đơn vị tiền thân này.", "There is no such predecessor."),
    "unit_predecessor_itself": (
        "Không thể là tiền thân của chính mình.",
        "A unit cannot be its own predecessor.",
    ),
    "unit_predecessor_repeated": ("Một đơn vị tiền thân được ghi hai lần.", "A predecessor is named twice."),
    "unit_predecessor_not_before": (
        "Đơn vị tiền thân chỉ có từ {valid_from}, không có trước đơn vị này.",
        "The predecessor exists only from {valid_from} on, so it was not there before this unit.",
    ),
    "unit_predecessor_still_valid": (
        "Đơn vị tiền thân “{unit}” đã nhập hết vào đây nhưng vẫn còn hiệu lực.",
        "The whole predecessor “{unit}” became part of this unit, but it has not ended.",
    ),
    "unit_predecessor_long_gone": (
        "Đơn vị tiền thân “{unit}” đã kết thúc từ trước, không liền với ngày bắt đầu của đơn vị này.",
        "The predecessor “{unit}” ended earlier, not on the day before this unit began.",
    ),
    "unit_share_bad": (
        "Tỷ lệ phải lớn hơn 0 và không quá 1, ví dụ xa-a=1/2.",
        "A share must be greater than 0 and at most 1, for example xa-a=1/2.",
    ),
    "unit_shares_exceed": (
        "Các đơn vị kế thừa nhận {total} của “{unit}”, nhiều hơn toàn bộ.",
        "The successors take {total} of “{unit}”, more than the whole.",
    ),
    "unit_shares_incomplete": (
        "Các đơn vị kế thừa mới nhận {total} của “{unit}”, chưa đủ toàn bộ.",
        "The successors take only {total} of “{unit}”, not the whole.",
    ),
}
_FIGURES = {
    "figure_unit_unknown": ("Không có đơn vị với mã này.", "There is no unit with this code."),
    "figure_outside_validity": (
        "Đơn vị không có hiệu lực vào ngày này.",
        "The unit did not exist on that day.",
    ),
    "figure_source_missing": ("Chưa ghi nguồn số liệu.", "The source is missing."),
    "figure_source_long": (
        "Nguồn số liệu dài quá {limit} ký tự.",
        "The source has more than {limit:character|characters}.",
    ),
    "figure_none": ("Không có số liệu nào.", "There are no figures."),
    "figure_measure_unknown": ("Không có chỉ tiêu thống kê này.", "There is no such measure."),
    "figure_repeated": (
        "Số liệu này của cùng đơn vị, cùng ngày đã có ở dòng {first_row}.",
        "Row {first_row} already has this figure for the same unit and day.",
    ),
    "figure_source_repeated": (
        "Nguồn này của cùng đơn vị, cùng ngày đã có ở dòng {first_row}; hãy ghi chung một dòng.",
        "Row {first_row} already has this source for the same unit and day; write both in one row.",
    ),
    "figure_negative": ("Số liệu không được âm.", "A figure must not be negative."),
    "figure_absurd": ("Số liệu lớn quá {limit}.", "The figure is larger than {limit}."),
    "figure_part_exceeds": (
        "Số này lớn hơn “{whole}” ({limit}).",
        "The figure is larger than “{whole}” ({limit}).",
    ),
    "figure_parts_exceed": (
        "Các phần cộng lại là {sum}, lớn hơn “{whole}” ({limit}).",
        "The parts add up to {sum}, more than “{whole}” ({limit}).",
    ),
    "figure_parts_short": (
        "Các phần cộng lại là {sum}, chưa bằng “{whole}” ({limit}).",
        "The parts add up to {sum}, less than “{whole}” ({limit}).",
    ),
    "figure_whole_unknown": ("Có phần mà chưa có tổng “{whole}”.", "There is a part but no total “{whole}”."),
}
_COLUMNS = {
    "column_means_code": (
        "Chữ thường không dấu, chữ số và gạch nối: xa-an-hiep--huyen-chau-thanh. Dòng có # ở đầu bị bỏ qua.",
        (
            "Small letters without accents, digits, hyphens: xa-an-hiep--huyen-chau-thanh. Rows that begin "
            "with # are skipped."
        ),
    ),
    "column_means_name": ("Tên đầy đủ, có dấu.", "The full name."),
    "column_means_kind": (
        "Một trong các loại ở cuối trang này, mã hoặc tên.",
        "One of the kinds at the end of this page, as a code or a label.",
    ),
    "column_means_valid_from": (
        "Ngày đầu tiên, như 01/07/2025 hoặc 2025-07-01.",
        "The first day, such as 01/07/2025 or 2025-07-01.",
    ),
    "column_means_valid_to": (
        "Ngày cuối cùng; để trống nếu vẫn còn.",
        "The last day; leave it empty if the unit still exists.",
    ),
    "column_means_parent": (
        "Mã đơn vị cấp trên trong đại hội ghi ở tiêu đề; mỗi đại hội một cột.",
        "The code of the parent in the congress named in the heading; one column for each congress.",
    ),
    "column_means_identifier": (
        "Mã theo hệ thống ghi ở tiêu đề, giữ nguyên số 0 ở đầu; mã cũ và mới là hai cột.",
        (
            "The identifier in the scheme named in the heading, with leading zeros; old and new ones are two "
            "columns."
        ),
    ),
    "column_means_predecessors": (
        "Các đơn vị trước đây, cách nhau bằng dấu chấm phẩy; phần nhập vào nếu không phải toàn bộ: xa-b=1/2.",
        (
            "Earlier units, separated by semicolons; add the share that came here if it is not the whole: "
            "xa-b=1/2."
        ),
    ),
    "column_means_made_up": (
        "“có” nếu là giả định, không có thật.",
        "“yes” if it is invented and not real.",
    ),
    "column_means_as_of": ("Ngày mà số liệu phản ánh.", "The day that the figures describe."),
    "column_means_source": (
        "Báo cáo, biểu mẫu hoặc điều tra của số liệu.",
        "The report, form or survey that the figures come from.",
    ),
    "column_means_measure": (
        "Số nguyên, chỉ chữ số. Để trống là chưa biết, không phải bằng 0.",
        "A whole number in digits. Empty means unknown, not zero.",
    ),
}

SENTENCES: dict[str, tuple[str, str]] = {**_FILES, **_CELLS, **_UNITS, **_FIGURES, **_COLUMNS}
