"""What a device does when a request is lost, arrives in part, or finds a server that dies."""

from dataclasses import replace

from tests.devices.tablet import OTHER, Tablet


def test_an_answer_that_is_lost_three_times_while_she_types_on(tablet: Tablet) -> None:
    for text in ("Ett", "Ett två", "Ett två tre"):
        tablet.type(text)
        mail = tablet.asks()
        tablet.world.take(mail, tablet.person.id)
        tablet.lab.answer(mail, None)
    tablet.type("Ett två tre fyra")
    tablet.sends()
    assert {outcome for _, outcome in tablet.history()} == {"head"}
    assert (tablet.history()[0][0], tablet.stands()) == ("Ett", "Ett två tre fyra")
    assert (tablet.conflicts(), tablet.waiting()) == (0, [])


def test_a_batch_of_which_half_arrives_is_sent_once_more(tablet: Tablet) -> None:
    tablet.type("Ett")
    tablet.type("Två", OTHER)
    mail = tablet.asks()
    assert mail.body
    half = replace(mail, body=mail.body[: len(mail.body) // 2])
    assert tablet.arrives(half).status == 400
    assert len(tablet.waiting()) == 2
    assert tablet.tell()["refused"] == []
    tablet.sends()
    assert (tablet.history(), tablet.history(OTHER)) == ([("Ett", "head")], [("Två", "head")])


def test_a_server_that_dies_before_it_has_committed_has_taken_nothing(tablet: Tablet) -> None:
    tablet.type("Ett")
    mail = tablet.asks()
    with tablet.world.dying():
        answer = tablet.world.take(mail, tablet.person.id)
    tablet.lab.answer(mail, answer)
    assert (answer.status, tablet.history(), len(tablet.waiting())) == (500, [], 1)
    tablet.sends()
    assert tablet.history() == [("Ett", "head")]
