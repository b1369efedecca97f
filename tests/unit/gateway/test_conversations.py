from __future__ import annotations

import pytest

from bot.gateway.conversations import Conversations, UnknownConversation


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_conversation_is_found_again_by_its_id() -> None:
    conversations = Conversations("key", hours=1)
    first = conversations.open(None)
    first.language = "ky"
    assert conversations.open(first.id).language == "ky"


@pytest.mark.parametrize("forged", ["", "abc", "abc.def", "ключ", "a" * 5000, "../../x", "\x00"])
def test_an_id_that_was_not_minted_here_is_refused(forged: str) -> None:
    with pytest.raises(UnknownConversation):
        Conversations("key", hours=1).open(forged)


def test_a_changed_id_is_refused() -> None:
    conversations = Conversations("key", hours=1)
    minted = conversations.open(None).id
    with pytest.raises(UnknownConversation):
        conversations.open(("A" if minted[0] != "A" else "B") + minted[1:])


def test_an_id_survives_a_restart_but_not_another_key() -> None:
    minted = Conversations("key", hours=1).open(None)
    assert Conversations("key", hours=1).open(minted.id).sender == minted.sender
    with pytest.raises(UnknownConversation):
        Conversations("other", hours=1).open(minted.id)


def test_the_sender_does_not_reveal_the_id() -> None:
    conversation = Conversations("key", hours=1).open(None)
    with pytest.raises(UnknownConversation):
        Conversations("key", hours=1).open(conversation.sender)


def test_silent_conversations_expire_and_talking_ones_stay() -> None:
    clock = Clock()
    conversations = Conversations("key", hours=1, clock=clock)
    silent, talking = conversations.open(None), conversations.open(None)
    clock.now = 3000
    conversations.open(talking.id)
    clock.now = 3700
    assert conversations.expire() == [silent.sender]
    assert conversations.expire() == []


def test_forgetting_returns_the_sender_and_drops_the_language() -> None:
    conversations = Conversations("key", hours=1)
    conversation = conversations.open(None)
    conversation.language = "tg"
    assert conversations.forget(conversation.id).sender == conversation.sender
    assert conversations.open(conversation.id).language is None
