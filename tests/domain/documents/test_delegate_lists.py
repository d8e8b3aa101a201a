"""The list of a conference: its order, its numbers, and what is missing of whom."""

from domain.documents.delegate_lists import (
    DelegateList,
    ListedPerson,
    ListGroup,
    check_completeness,
    list_registered_numbers,
    sort_alternates,
    sort_people,
)


def person(name: str, unit: str = "Sở Thử nghiệm", **more: object) -> ListedPerson:
    return ListedPerson(name, "dien-hinh", unit=unit, **more)  # type: ignore[arg-type]


def test_people_stand_by_unit_and_then_by_given_name_the_vietnamese_way() -> None:
    people = [
        person("Nguyễn Văn Ước", "Phường 10"),
        person("Trần Thị Ánh", "Phường 2"),
        person("Lê Văn Đạt", "Phường 2"),
        person("Lê Văn Dũng", "Phường 2"),
    ]
    assert [one.name for one in sort_people(people)] == [
        "Trần Thị Ánh",
        "Lê Văn Dũng",
        "Lê Văn Đạt",
        "Nguyễn Văn Ước",
    ]


def test_alternates_stand_by_group_and_unit_in_the_order_of_their_numbers() -> None:
    groups = [ListGroup(name, name, None, 0, ()) for name in ("tre", "dien-hinh")]
    rows = [("b", "Xã Hai", "dien-hinh", 1), ("a", "Xã Hai", "dien-hinh", 2), ("c", "Xã Ba", "dien-hinh", 1)]
    rows.append(("d", "Xã Hai", "tre", 1))
    people = [ListedPerson(name, group, unit=unit, alternate_no=no) for name, unit, group, no in rows]
    assert [one.name for one in sort_alternates(people, groups)] == ["d", "c", "b", "a"]


def test_the_report_says_whom_what_is_missing_of() -> None:
    whole = person("Người thử nghiệm 1", birth_year=1980, gender="female", position="Giáo viên")
    bare = person("Người thử nghiệm 2", gender="male")
    delegates = DelegateList((ListGroup("dien-hinh", "Điển hình", 3, 2, (whole, bare)),), (bare,))
    group, on_list, alternate = check_completeness(delegates)
    assert (group.code, group.params["people"], group.params["seats"]) == ("group_not_listed_whole", 2, 3)
    assert on_list == alternate
    assert on_list.params == {
        "name": "Người thử nghiệm 2",
        "unit": "Sở Thử nghiệm",
        "attributes": ["birth", "position"],
    }


def test_alternates_are_in_no_number() -> None:
    one = person("Người thử nghiệm 1", gender="female")
    delegates = DelegateList((ListGroup("dien-hinh", "Điển hình", None, 1, (one,)),), (one, one))
    assert (delegates.people, delegates.women) == (1, 1)
    assert [(each.stated, each.counted) for each in list_registered_numbers(delegates)] == [(1, 1)]
