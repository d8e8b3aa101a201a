"""Sentences of the interface itself, on requests that cannot be read, retried, matched or served.

``title_…`` are the short titles of the statuses; all others are codes of problems and of their errors.
"""

SENTENCES: dict[str, tuple[str, str]] = {
    # Titles
    "title_400": ("Yêu cầu không đúng quy cách", "The request is not valid"),
    "title_401": ("Chưa xác định được người dùng", "The user is not identified"),
    "title_403": ("Không có quyền thực hiện", "Not allowed"),
    "title_404": ("Không tìm thấy", "Not found"),
    "title_405": ("Phương thức không được hỗ trợ", "The method is not supported"),
    "title_406": ("Không có định dạng được yêu cầu", "The requested format is not available"),
    "title_409": ("Xung đột với trạng thái hiện tại", "Conflict with the current state"),
    "title_412": ("Dữ liệu đã thay đổi", "The data has changed"),
    "title_413": ("Nội dung quá lớn", "The content is too large"),
    "title_415": ("Định dạng nội dung không được hỗ trợ", "The content type is not supported"),
    "title_422": ("Nội dung không hợp lệ", "The content is invalid"),
    "title_428": ("Thiếu điều kiện bắt buộc", "A required condition is missing"),
    "title_429": ("Quá nhiều yêu cầu", "Too many requests"),
    "title_500": ("Lỗi của hệ thống", "Error in the service"),
    "title_503": ("Tạm thời không phục vụ được", "The service is temporarily unavailable"),
    # The request as a whole
    "bad_request": ("Yêu cầu không đọc được.", "The request cannot be read."),
    "invalid_parameters": (
        "Tham số hoặc tiêu đề của yêu cầu không hợp lệ.",
        "A parameter or header of the request is invalid.",
    ),
    "invalid_body": ("Nội dung gửi lên không hợp lệ.", "The content sent is invalid."),
    "unauthenticated": (
        "Cần đăng nhập hoặc khóa dịch vụ để thực hiện yêu cầu này.",
        "This request needs a sign-in or a service key.",
    ),
    "forbidden": ("Ông/bà không có quyền thực hiện việc này.", "You may not do this."),
    "not_found": (
        "Không tồn tại, hoặc nằm ngoài phạm vi của ông/bà.",
        "It does not exist, or you do not have access to it.",
    ),
    "method_not_allowed": (
        "Địa chỉ này không nhận phương thức đó; các phương thức được nhận: {allowed}.",
        "This address does not support that method; it supports: {allowed}.",
    ),
    "not_acceptable": (
        "Không có câu trả lời ở định dạng mà tiêu đề Accept yêu cầu; có: {offered}.",
        "The answer is not available in a format that the Accept header asks for; available: {offered}.",
    ),
    "too_many_attempts": (
        "Từ địa chỉ này đã có quá nhiều lần xác thực không thành công; hãy thử lại sau {seconds} giây.",
        "Too many failed sign-in attempts from this address; try again in {seconds:second|seconds}.",
    ),
    "too_many_requests": ("Quá nhiều yêu cầu; hãy thử lại sau.", "Too many requests; try again later."),
    "internal_error": (
        "Hệ thống gặp lỗi ngoài dự kiến; không có gì được lưu. Xem nhật ký theo mã yêu cầu.",
        "An unexpected error occurred; nothing was stored. The log has details under the request id.",
    ),
    "try_again": (
        "Yêu cầu xung đột với một yêu cầu khác đang chạy; hãy gửi lại.",
        "The request conflicted with another request; send it again.",
    ),
    "database_unavailable": (
        "Chưa kết nối được cơ sở dữ liệu; hãy thử lại sau.",
        "The database cannot be reached; try again later.",
    ),
    "database_not_migrated": (
        "Cơ sở dữ liệu chưa được nâng cấp lên phiên bản của phần mềm.",
        "The database has not been upgraded to the version of this software.",
    ),
    "database_constraint": (
        "Thay đổi trái với một ràng buộc của dữ liệu.",
        "The change would break a constraint of the data.",
    ),
    # Bodies
    "body_too_large": (
        "Nội dung vượt quá {limit} byte được phép.",
        "The content is larger than the allowed {limit:byte|bytes}.",
    ),
    "body_not_expected": (
        "Yêu cầu này không nhận nội dung.",
        "This request does not accept content.",
    ),
    "unsupported_media_type": (
        "Nội dung phải có một trong các định dạng: {supported}.",
        "The content must have one of these types: {supported}.",
    ),
    "client_disconnected": (
        "Kết nối đóng trước khi nội dung đến đủ.",
        "The connection closed before all the content arrived.",
    ),
    "not_utf8": ("Nội dung không phải là UTF-8.", "The content is not UTF-8."),
    "json_syntax": (
        "JSON sai cú pháp ở dòng {line}, cột {column}.",
        "The JSON syntax is wrong at line {line}, column {column}.",
    ),
    "json_too_deep": (
        "JSON lồng nhau quá {limit} cấp.",
        "The JSON is nested more than {limit:level|levels} deep.",
    ),
    "json_too_many_values": (
        "JSON có quá {limit} giá trị.",
        "The JSON has more than {limit:value|values}.",
    ),
    "json_duplicate_key": (
        "Một đối tượng JSON có hai khóa giống nhau.",
        "A JSON object has the same key twice.",
    ),
    "json_number": (
        "JSON có số dài quá {limit} ký tự, số có số mũ, NaN hoặc Infinity.",
        (
            "The JSON has a number of more than {limit:character|characters}, a number with an exponent, NaN "
            "or Infinity."
        ),
    ),
    "json_text": (
        "JSON có ký tự không lưu được (NUL hoặc nửa cặp thay thế).",
        "The JSON has characters that cannot be stored (NUL or half a surrogate pair).",
    ),
    # Retries, versions, lists
    "idempotency_key_required": (
        "Yêu cầu này cần tiêu đề Idempotency-Key để gửi lại không bị thực hiện hai lần.",
        "This request needs an Idempotency-Key header, so that sending it again does nothing twice.",
    ),
    "idempotency_key_malformed": (
        "Idempotency-Key phải có 1 đến 255 ký tự ASCII in được.",
        "The Idempotency-Key must have 1 to 255 printable ASCII characters.",
    ),
    "idempotency_key_in_use": (
        "Một yêu cầu cùng Idempotency-Key đang được xử lý; hãy gửi lại sau giây lát.",
        "A request with the same Idempotency-Key is still being processed; send it again in a moment.",
    ),
    "idempotency_key_reused": (
        "Idempotency-Key này đã dùng cho một yêu cầu khác.",
        "This Idempotency-Key was already used for another request.",
    ),
    "idempotency_answer_unreadable": (
        "Yêu cầu này đã được thực hiện, nhưng không còn đọc được câu trả lời cũ.",
        "This request was carried out, but its answer can no longer be read.",
    ),
    "idempotency_answer_or_run": (
        "Với mỗi Idempotency-Key chỉ lưu câu trả lời hoặc lượt xử lý, đúng một trong hai.",
        "An Idempotency-Key must have either an answer or a run, not both.",
    ),
    "idempotency_request_digest_sha256": (
        "Mã băm của yêu cầu phải là SHA-256.",
        "The digest of a request must be a SHA-256 value.",
    ),
    "if_match_required": (
        "Cần tiêu đề If-Match với ETag của bản đã đọc.",
        "This request needs an If-Match header with the ETag of the version that you read.",
    ),
    "if_match_malformed": (
        'If-Match phải gồm một hay nhiều ETag trong dấu nháy; không nhận "*".',
        'If-Match must be one or more ETags in quotes; "*" is not accepted.',
    ),
    "stale": (
        "Dữ liệu đã thay đổi từ lần đọc trước; hãy đọc lại rồi sửa.",
        "The data has changed since you read it; read it again before you change it.",
    ),
    "cursor_invalid": (
        "Con trỏ trang không hợp lệ cho danh sách này; hãy đọc lại từ đầu.",
        "The cursor is not valid for this list; read the list again from the start.",
    ),
    # Errors at one place of the request
    "unknown_parameter": ("Không có tham số này.", "There is no such parameter."),
    "repeated_parameter": ("Tham số được ghi hơn một lần.", "The parameter is given more than once."),
    "missing": ("Thiếu giá trị bắt buộc.", "A required value is missing."),
    "unknown_field": ("Không có trường này.", "There is no such field."),
    "wrong_form": ("Giá trị không đúng dạng.", "The value has the wrong form."),
    "wrong_choice": ("Phải là một trong: {allowed}.", "It must be one of: {allowed}."),
    "too_small": ("Phải từ {minimum} trở lên.", "It must be at least {minimum}."),
    "too_large": ("Không được quá {maximum}.", "It must be at most {maximum}."),
    "not_above": ("Phải lớn hơn {limit}.", "It must be more than {limit}."),
    "not_below": ("Phải nhỏ hơn {limit}.", "It must be less than {limit}."),
    "text_too_short": (
        "Phải có ít nhất {minimum} ký tự.",
        "It must have at least {minimum:character|characters}.",
    ),
    "text_too_long": (
        "Không được quá {maximum} ký tự.",
        "It must have at most {maximum:character|characters}.",
    ),
    "too_few_items": ("Phải có ít nhất {minimum} phần tử.", "It must have at least {minimum:item|items}."),
    "too_many_items": ("Không được quá {maximum} phần tử.", "It must have at most {maximum:item|items}."),
    "text_control": (
        "Văn bản có ký tự điều khiển hoặc ký tự ẩn.",
        "The text has control or invisible characters.",
    ),
    "text_blank": ("Văn bản để trống.", "The text is blank."),
    "decimal_form": (
        'Phải là số nguyên, hoặc số thập phân trong dấu nháy như "12.5"; nhiều nhất {digits} chữ số.',
        'It must be an integer, or a decimal in quotes such as "12.5", with at most {digits:digit|digits}.',
    ),
    "not_an_integer": ("Phải là số nguyên.", "It must be an integer."),
    "not_a_boolean": ("Phải là true hoặc false.", "It must be true or false."),
    "not_text": ("Phải là văn bản.", "It must be text."),
    "not_a_list": ("Phải là danh sách.", "It must be a list."),
    "not_an_object": ("Phải là đối tượng.", "It must be an object."),
    "date_form": ("Phải là ngày có thật, dạng NNNN-TT-NN.", "It must be a real date in the form YYYY-MM-DD."),
    "moment_form": (
        "Phải là thời điểm theo RFC 3339, có múi giờ.",
        "It must be a time in the form of RFC 3339, with a time zone offset.",
    ),
    "uuid_form": ("Phải là một UUID.", "It must be a UUID."),
    "invalid": ("Giá trị không hợp lệ.", "The value is invalid."),
}
