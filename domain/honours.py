"""Titles and awards by the Law on Emulation and Commendation 06/2022/QH15, in force since 2024.

Names are as the law writes them; some older ones follow, since plans and people still name them. An honour is
named by its full name, or by the beginning that several have in common: "Huân chương" is any order, "Huân
chương Lao động" the Labour Order of any class.
"""

from collections.abc import Collection, Iterable, Mapping

_FIGHTER = "Chiến sĩ thi đua"
_CLASSES = {"hạng Nhất": "first class", "hạng Nhì": "second class", "hạng Ba": "third class"}


def _list_classes(vi: str, en: str) -> dict[str, str]:
    return {f"{vi} {rank}": f"{en}, {english}" for rank, english in _CLASSES.items()}


TITLES: Mapping[str, str] = {
    # Emulation titles of persons
    f"{_FIGHTER} toàn quốc": "National emulation fighter",
    f"{_FIGHTER} Bộ, ban, ngành, tỉnh": "Emulation fighter of a ministry, sector or province",
    f"{_FIGHTER} cơ sở": "Grassroots emulation fighter",
    "Lao động tiên tiến": "Advanced worker",
    "Chiến sĩ tiên tiến": "Advanced soldier",
    # Emulation titles of collectives, households and places
    "Cờ thi đua của Chính phủ": "Emulation flag of the Government",
    "Cờ thi đua của Bộ, ban, ngành, tỉnh": "Emulation flag of a ministry, sector or province",
    "Tập thể lao động xuất sắc": "Excellent working collective",
    "Đơn vị quyết thắng": "Unit determined to win",
    "Tập thể lao động tiên tiến": "Advanced working collective",
    "Đơn vị tiên tiến": "Advanced unit",
    "Xã, phường, thị trấn tiêu biểu": "Exemplary commune, ward or township",
    "Thôn, tổ dân phố văn hóa": "Cultural village or residential group",
    "Gia đình văn hóa": "Cultural family",
    # Honorary titles of the State
    "Tỉnh Anh hùng": "Heroic province",
    "Thành phố Anh hùng": "Heroic city",
    "Bà mẹ Việt Nam Anh hùng": "Heroic Vietnamese mother",
    "Anh hùng Lực lượng vũ trang nhân dân": "Hero of the people's armed forces",
    "Anh hùng Lao động": "Hero of labour",
    "Nhà giáo nhân dân": "People's teacher",
    "Nhà giáo ưu tú": "Meritorious teacher",
    "Thầy thuốc nhân dân": "People's doctor",
    "Thầy thuốc ưu tú": "Meritorious doctor",
    "Nghệ sĩ nhân dân": "People's artist",
    "Nghệ sĩ ưu tú": "Meritorious artist",
    "Nghệ nhân nhân dân": "People's artisan",
    "Nghệ nhân ưu tú": "Meritorious artisan",
    # Names from before 2024
    f"{_FIGHTER} cấp tỉnh": "Emulation fighter of a province (until 2023)",
    f"{_FIGHTER} cấp bộ": "Emulation fighter of a ministry (until 2023)",
    "Cờ thi đua cấp bộ": "Emulation flag of a ministry (until 2023)",
    "Cờ thi đua cấp tỉnh": "Emulation flag of a province (until 2023)",
}
"""Name of a title → its English name."""

AWARDS: Mapping[str, str] = {
    "Huân chương Sao vàng": "Gold Star Order",
    "Huân chương Hồ Chí Minh": "Ho Chi Minh Order",
    **_list_classes("Huân chương Độc lập", "Independence Order"),
    **_list_classes("Huân chương Quân công", "Military Exploit Order"),
    **_list_classes("Huân chương Lao động", "Labour Order"),
    **_list_classes("Huân chương Bảo vệ Tổ quốc", "Order of Defence of the Fatherland"),
    **_list_classes("Huân chương Chiến công", "Feat Order"),
    "Huân chương Đại đoàn kết dân tộc": "Great National Unity Order",
    "Huân chương Dũng cảm": "Bravery Order",
    "Huân chương Hữu nghị": "Friendship Order",
    "Huy chương Quân kỳ quyết thắng": "Military Flag of Victory Medal",
    "Huy chương Vì an ninh Tổ quốc": "National Security Medal",
    **_list_classes("Huy chương Chiến sĩ vẻ vang", "Glorious Fighter Medal"),
    "Huy chương Thanh niên xung phong vẻ vang": "Glorious Youth Volunteer Medal",
    "Huy chương Hữu nghị": "Friendship Medal",
    "Giải thưởng Hồ Chí Minh": "Ho Chi Minh Prize",
    "Giải thưởng Nhà nước": "State Prize",
    "Kỷ niệm chương": "Commemorative medal",
    "Bằng khen của Thủ tướng Chính phủ": "Certificate of merit of the Prime Minister",
    "Bằng khen của Bộ, ban, ngành, tỉnh": "Certificate of merit of a ministry, sector or province",
    "Giấy khen": "Certificate of commendation",
}
"""Name of an award → its English name."""


def is_named_by(name: str, wanted: str) -> bool:
    """Whether an honour has the ``wanted`` name, or one that begins with it."""
    name, wanted = name.casefold(), wanted.casefold()
    return name == wanted or name.startswith(f"{wanted} ")


def is_known_honour(wanted: str, names: Iterable[str]) -> bool:
    """Whether at least one of ``names`` is meant by ``wanted``."""
    return any(is_named_by(name, wanted) for name in names)


def choose_closest(name: str, wanted: Iterable[str]) -> str | None:
    """Of several ``wanted`` names, the longest that means the honour ``name``."""
    return max((each for each in wanted if is_named_by(name, each)), key=len, default=None)


def list_beginnings(names: Collection[str]) -> frozenset[str]:
    """The names, and every beginning of whole words by which a plan may mean them."""
    words = (name.split(" ") for name in names)
    return frozenset(" ".join(each[:n]) for each in words for n in range(1, len(each) + 1))
