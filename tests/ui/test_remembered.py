"""What is remembered for seconds is asked once, forgotten in time, and never mixed up."""

from ui import remembered


def test_the_same_question_is_asked_once():
    asked = []
    answer = remembered.for_seconds(60)(lambda one: asked.append(one) or f"answer {one}")

    assert [answer("a"), answer("a"), answer("b")] == ["answer a", "answer a", "answer b"]
    assert asked == ["a", "b"]


def test_an_answer_is_forgotten_when_its_time_is_over():
    """A grant that was withdrawn must not live on."""
    asked = []
    answer = remembered.for_seconds(0)(asked.append)
    answer("a")
    answer("a")

    assert asked == ["a", "a"]


def test_forgetting_asks_again():
    asked = []
    answer = remembered.for_seconds(60)(asked.append)
    answer("a")
    answer.clear()
    answer("a")

    assert len(asked) == 2


def test_memory_does_not_grow_without_end():
    asked = []
    answer = remembered.for_seconds(60, most=2)(asked.append)
    for one in ("a", "b", "c", "a"):
        answer(one)

    assert asked == ["a", "b", "c", "a"]
