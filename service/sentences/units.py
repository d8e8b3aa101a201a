"""Sentences for units, their figures and the files they come in."""

_AT = "Dòng {row}, cột {column}"
_AT_EN = "Row {row}, column {column}"


def _cell(vietnamese: str, english: str) -> tuple[str, str]:
    return f"{_AT}: {vietnamese}", f"{_AT_EN}: {english}"


_FILES = {
    "file_too_large": ("Tệp lớn quá {limit} byte.", "The file is larger than {limit} bytes."),
    "file_inflates": ("Tệp giải nén ra quá {limit} byte.", "The file unpacks to more than {limit} bytes."),
    "file_too_complex": ("Tệp có quá {limit} thành phần.", "The file has more than {limit} elements."),
    "file_not_xlsx": (
        "Đây không phải tệp XLSX, hoặc tệp bị hỏng hay có mật khẩu.",
        "This is no XLSX file, or it is damaged or has a password.",
    ),
    "file_old_excel": (
        "Đây là tệp XLS kiểu cũ hoặc có mật khẩu; hãy lưu lại thành XLSX không mật khẩu.",
        "This is an old XLS file or has a password; save it as XLSX without one.",
    ),
    "file_is_xlsx": (
        "Tệp này là XLSX hoặc ZIP, không phải CSV.",
        "This is an XLSX or ZIP file, not CSV.",
    ),
    "file_encoding_other": (
        "Tệp dùng bảng mã {encoding}; hãy lưu lại thành CSV UTF-8.",
        "The file is in {encoding}; save it as CSV UTF-8.",
    ),
    "file_not_utf8": (
        "Tệp không phải UTF-8 (dòng văn bản {line}); hãy lưu lại thành CSV UTF-8.",
        "The file is not UTF-8 (line {line}); save it as CSV UTF-8.",
    ),
    "file_not_text": ("Tệp chứa ký tự không phải văn bản.", "The file holds characters that are not text."),
    "file_quotes_broken": (
        "Dấu ngoặc kép không khép đúng ở dòng {line}.",
        "Quotation marks do not match in row {line}.",
    ),
    "file_cell_too_long": (
        "Dòng {line} có ô dài quá {limit} ký tự.",
        "Row {line} has a cell of more than {limit} characters.",
    ),
    "file_too_many_rows": ("Tệp có quá {limit} dòng.", "The file has more than {limit} rows."),
    "file_too_many_columns": ("Tệp có quá {limit} cột.", "The file has more than {limit} columns."),
    "file_header_missing": (
        "Không tìm thấy dòng tiêu đề trong {limit} dòng đầu; hãy dùng tệp mẫu.",
        "No heading row in the first {limit} rows; use the template.",
    ),
    "file_empty": ("Dưới dòng tiêu đề không có dòng nào.", "Nothing stands below the headings."),
    "column_unknown": _cell("không hiểu tiêu đề này.", "this heading is not understood."),
    "column_of_other_file": _cell(
        "cột này thuộc tệp khác: đơn vị và số liệu là hai tệp riêng.",
        "this column belongs to the other file: units and figures are two files.",
    ),
    "column_repeated": _cell("trùng cột “{name}”.", "“{name}” is there twice."),
    "column_congress_unknown": _cell(
        "đại hội ở tiêu đề này không có.", "there is no congress as in this heading."
    ),
    "column_missing": ("Thiếu cột “{name}”.", "The column “{name}” is missing."),
    "row_is_subtotal": (
        "Dòng {row} là dòng cộng, không được nhập.",
        "Row {row} is a subtotal and is not imported.",
    ),
}
_CELLS = {
    "cell_too_long": _cell("dài quá {limit} ký tự.", "more than {limit} characters."),
    "cell_merged": _cell(
        "các ô {area} đã bị gộp; hãy bỏ gộp và ghi vào từng ô.",
        "cells {area} are merged; unmerge them and fill in each.",
    ),
    "cell_formula_without_value": _cell(
        "công thức chưa được tính; hãy ghi giá trị.",
        "a formula that was never computed; write its value.",
    ),
    "cell_holds_error": _cell("ô đang báo lỗi tính toán.", "the cell holds a formula error."),
    "cell_starts_formula": _cell(
        "văn bản không được bắt đầu bằng =, +, - hoặc @.",
        "text must not begin with =, +, - or @.",
    ),
    "cell_not_plain": _cell("có ký tự không nhìn thấy được.", "there are invisible characters."),
    "cell_missing": _cell("chưa ghi.", "nothing is written."),
    "cell_not_a_day": _cell(
        "không phải ngày; hãy ghi như 31/01/2020 hoặc 2020-01-31.",
        "no day; write 31/01/2020 or 2020-01-31.",
    ),
    "cell_not_whole": _cell(
        "không phải số nguyên; chỉ ghi chữ số, không dấu chấm, dấu phẩy hay dấu cách.",
        "no whole number; write digits only, without point, comma or space.",
    ),
    "cell_not_yes_or_no": _cell("hãy ghi “có” hoặc “không”.", "write “yes” or “no”."),
}
_UNITS = {
    "unit_code_missing": _cell("chưa có mã, ví dụ “{suggestion}”.", "no code; such as “{suggestion}”."),
    "unit_code_bad": _cell(
        "mã chỉ gồm chữ thường không dấu, chữ số và gạch nối, ví dụ “{suggestion}”.",
        "a code has plain small letters, digits and hyphens only, such as “{suggestion}”.",
    ),
    "unit_name_missing": _cell("chưa có tên.", "no name."),
    "unit_name_long": _cell("tên dài quá {limit} ký tự.", "the name has more than {limit} characters."),
    "unit_kind_unknown": _cell(
        "không có loại đơn vị này; các loại: {kinds}.", "no such kind; kinds are {kinds}."
    ),
    "unit_date_absurd": _cell(
        "ngày phải từ {earliest} đến {latest}.", "the day must lie between {earliest} and {latest}."
    ),
    "unit_dates_reversed": _cell("kết thúc trước khi bắt đầu.", "it ends before it begins."),
    "unit_repeated": _cell(
        "mã đã có ở dòng {first_row}; mỗi mã là một đơn vị.",
        "the code is in row {first_row} already; a code is one unit.",
    ),
    "unit_exists": _cell(
        "đơn vị đã có và ghi khác; hãy sửa đơn vị, hoặc đặt mã mới và ghi đơn vị tiền thân.",
        "the unit exists and differs; change it there, or give a new code and name its predecessor.",
    ),
    "unit_unchanged": _cell("đơn vị đã có, không đổi.", "the unit exists and stays as it is."),
    "unit_name_repeated": _cell(
        "trùng tên, loại và cấp trên với dòng {first_row}.",
        "same name, kind and parents as row {first_row}.",
    ),
    "unit_identifier_long": _cell(
        "mã định danh dài quá {limit} ký tự.", "the identifier has more than {limit} characters."
    ),
    "unit_identifier_repeated": _cell(
        "mã định danh trùng với dòng {first_row} trong cùng thời gian.",
        "row {first_row} has the same identifier at the same time.",
    ),
    "unit_identifier_taken": _cell(
        "mã định danh đang thuộc đơn vị “{unit}”.", "the identifier belongs to “{unit}” at that time."
    ),
    "unit_parent_itself": _cell("không thể là cấp trên của chính mình.", "a unit is not its own parent."),
    "unit_parent_unknown": _cell(
        "không có đơn vị cấp trên với mã này, cả trong tệp lẫn đã lưu.",
        "no parent of this code, neither in the file nor stored.",
    ),
    "unit_parent_not_valid": _cell(
        "đơn vị cấp trên chỉ có từ {valid_from} đến {valid_to}.",
        "the parent is there from {valid_from} to {valid_to} only.",
    ),
    "unit_parent_partly_valid": _cell(
        "đơn vị cấp trên chỉ có từ {valid_from} đến {valid_to}, không suốt thời gian của đơn vị.",
        "the parent is there from {valid_from} to {valid_to}, not all the unit's time.",
    ),
    "unit_parent_cycle": _cell(
        "{length} đơn vị là cấp trên của nhau theo vòng tròn: {units}.",
        "{length} units are parents of one another in a circle: {units}.",
    ),
    "unit_predecessor_unknown": _cell("không có đơn vị tiền thân này.", "there is no such predecessor."),
    "unit_predecessor_itself": _cell(
        "không thể là tiền thân của chính mình.", "a unit is not its own predecessor."
    ),
    "unit_predecessor_repeated": _cell(
        "một đơn vị tiền thân được ghi hai lần.", "a predecessor is named twice."
    ),
    "unit_predecessor_not_before": _cell(
        "đơn vị tiền thân mới có từ {valid_from}.", "the predecessor began on {valid_from} only."
    ),
    "unit_predecessor_still_valid": _cell(
        "đơn vị tiền thân “{unit}” đã nhập hết vào đây nhưng vẫn còn hiệu lực.",
        "the predecessor “{unit}” came here as a whole, yet goes on.",
    ),
    "unit_predecessor_long_gone": _cell(
        "đơn vị tiền thân “{unit}” đã kết thúc từ trước đó.",
        "the predecessor “{unit}” ended some time before.",
    ),
    "unit_share_bad": _cell(
        "tỷ lệ phải lớn hơn 0 và không quá 1, ví dụ xa-a=1/2.",
        "a share is more than 0 and at most 1, such as xa-a=1/2.",
    ),
    "unit_shares_exceed": _cell(
        "các đơn vị kế thừa nhận {total} của “{unit}”, nhiều hơn toàn bộ.",
        "successors take {total} of “{unit}”, more than the whole.",
    ),
    "unit_shares_incomplete": _cell(
        "các đơn vị kế thừa mới nhận {total} của “{unit}”.",
        "successors take only {total} of “{unit}”.",
    ),
}
_FIGURES = {
    "figure_unit_unknown": _cell("không có đơn vị với mã này.", "there is no unit of this code."),
    "figure_outside_validity": _cell(
        "đơn vị không có hiệu lực vào ngày này.", "the unit was not there on that day."
    ),
    "figure_source_missing": _cell("chưa ghi nguồn số liệu.", "no source is given."),
    "figure_source_long": _cell(
        "nguồn số liệu dài quá {limit} ký tự.", "the source has more than {limit} characters."
    ),
    "figure_none": ("Dòng {row} không có số liệu nào.", "Row {row} has no figure."),
    "figure_measure_unknown": _cell("không có chỉ tiêu thống kê này.", "there is no such measure."),
    "figure_repeated": _cell(
        "số liệu này của cùng đơn vị, cùng ngày đã có ở dòng {first_row}.",
        "row {first_row} has this figure for the same unit and day.",
    ),
    "figure_negative": _cell("số liệu không được âm.", "a figure is not below zero."),
    "figure_absurd": _cell("số liệu lớn quá {limit}.", "the figure is above {limit}."),
    "figure_part_exceeds": _cell("lớn hơn “{whole}” ({limit}).", "more than “{whole}” ({limit})."),
    "figure_parts_exceed": _cell(
        "các phần cộng lại là {sum}, lớn hơn “{whole}” ({limit}).",
        "the parts add up to {sum}, more than “{whole}” ({limit}).",
    ),
    "figure_parts_short": _cell(
        "các phần cộng lại là {sum}, chưa bằng “{whole}” ({limit}).",
        "the parts add up to {sum}, less than “{whole}” ({limit}).",
    ),
    "figure_whole_unknown": _cell(
        "có phần mà chưa có tổng “{whole}”.", "a part without its whole “{whole}”."
    ),
}
_COLUMNS = {
    "column_means_code": (
        "Chữ thường không dấu, chữ số và gạch nối: xa-an-hiep--huyen-chau-thanh. Dòng có # ở đầu bị bỏ qua.",
        "Plain small letters, digits, hyphens: xa-an-hiep--huyen-chau-thanh. A row with # first is skipped.",
    ),
    "column_means_name": ("Tên đầy đủ, có dấu.", "The full name."),
    "column_means_kind": (
        "Một trong các loại ở cuối trang này, mã hoặc tên.",
        "One of the kinds at the end of this page, code or label.",
    ),
    "column_means_valid_from": (
        "Ngày đầu tiên, như 01/07/2025 hoặc 2025-07-01.",
        "The first day, as 01/07/2025 or 2025-07-01.",
    ),
    "column_means_valid_to": (
        "Ngày cuối cùng; để trống nếu vẫn còn.",
        "The last day; empty when the unit goes on.",
    ),
    "column_means_parent": (
        "Mã đơn vị cấp trên trong đại hội ghi ở tiêu đề; mỗi đại hội một cột.",
        "The code of the parent in the congress named in the heading; one column each.",
    ),
    "column_means_identifier": (
        "Mã theo hệ thống ghi ở tiêu đề, giữ nguyên số 0 ở đầu; mã cũ và mới là hai cột.",
        "The identifier in the scheme of the heading, with leading zeros; old and new are two columns.",
    ),
    "column_means_predecessors": (
        "Các đơn vị trước đây, cách nhau bằng dấu chấm phẩy; phần nhập vào nếu không phải toàn bộ: xa-b=1/2.",
        "Earlier units, separated by semicolons; the part that came here if not the whole: xa-b=1/2.",
    ),
    "column_means_made_up": (
        "“có” nếu là giả định, không có thật.",
        "“yes” when it is made up and not real.",
    ),
    "column_means_as_of": ("Ngày mà số liệu phản ánh.", "The day the figures speak of."),
    "column_means_source": (
        "Báo cáo, biểu mẫu hoặc điều tra của số liệu.",
        "The report, form or survey of the figures.",
    ),
    "column_means_measure": (
        "Số nguyên, chỉ chữ số. Để trống là chưa biết, không phải bằng 0.",
        "A whole number in digits. Empty is unknown, not zero.",
    ),
}

SENTENCES: dict[str, tuple[str, str]] = {**_FILES, **_CELLS, **_UNITS, **_FIGURES, **_COLUMNS}
