"""What a skill is learned from: what opens first, then the reader's language, and what is said of the rest."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from commands import remedies
from commands.standing import Standing
from content.load import Content
from content.resources import Reachable
from content.skills import Skill
from content.text import Language

LORA = "lora"


def skill_with(content: Content, reachable: dict[str, Reachable]) -> tuple[Content, Skill]:
    """The pack with some resources said not to open in mainland China."""
    changed = {each: replace(content.resources[each], reachable_cn=said) for each, said in reachable.items()}
    return replace(content, resources={**content.resources, **changed}), content.skills[LORA]


def standing(regions: Collection[str] = (), done: Collection[str] = (), hidden: Collection[str] = ()) -> Standing:
    return Standing(None, {}, frozenset(done), frozenset(regions), frozenset(hidden))


def order(content: Content, language: Language) -> list[Language]:
    return [each.language for each in remedies.in_order(content, standing(), content.skills[LORA], language)]


def test_the_readers_language_comes_first_and_nothing_is_left_out(content: Content) -> None:
    for language in Language:
        found = order(content, language)
        assert found == sorted(found, key=lambda each: each is not language)
        assert len(found) == len(content.skills[LORA].resources)


def test_the_packs_order_is_kept_within_a_language(content: Content) -> None:
    skill = content.skills[LORA]
    english = [each for each in skill.resources if content.resources[each].language is Language.EN]

    found = remedies.in_order(content, standing(), skill, Language.EN)

    assert [each.id for each in found][: len(english)] == english


def test_what_may_not_open_in_mainland_china_comes_last_for_members_with_users_there(content: Content) -> None:
    first = remedies.in_order(content, standing(), content.skills[LORA], Language.ZH)[0]
    pack, skill = skill_with(content, {first.id: "no"})

    assert remedies.in_order(pack, standing({"cn"}), skill, Language.ZH)[-1].id == first.id
    assert remedies.in_order(pack, standing({"us"}), skill, Language.ZH)[0].id == first.id


def test_a_resource_says_what_must_be_known_before_it_is_opened(content: Content) -> None:
    chinese = next(each for each in content.resources.values() if each.language is Language.ZH)
    closed = replace(chinese, reachable_cn="no")

    def said(language: Language, regions: Collection[str]) -> str:
        texts = remedies.about(standing(regions, {closed.id}), closed, language)
        return " · ".join(content.catalogue.say(each, language) for each in texts)

    assert " · in Chinese · may not open directly in mainland China · " in said(Language.EN, {"cn"})
    assert "may not open" not in said(Language.EN, {"eu"})
    assert "大陆可能无法直接访问" in said(Language.ZH, {"cn"})
    assert "中文" not in said(Language.ZH, {"cn"}).replace(closed.by, "")
    assert said(Language.EN, ()).endswith(" · done")


def test_the_best_is_the_first_that_is_not_done(content: Content) -> None:
    found = remedies.in_order(content, standing(), content.skills[LORA], Language.EN)

    assert remedies.best(found, ()) is found[0]
    assert remedies.best(found, {found[0].id}) is found[1]
    assert remedies.best(found, {each.id for each in found}) is found[0]
    assert remedies.best([], ()) is None


def test_what_the_community_has_hidden_is_left_out(content: Content) -> None:
    skill = content.skills[LORA]
    first = remedies.in_order(content, standing(), skill, Language.EN)[0]

    assert first not in remedies.in_order(content, standing(hidden={first.id}), skill, Language.EN)
    assert remedies.in_order(content, standing(hidden=skill.resources), skill, Language.EN) == []
