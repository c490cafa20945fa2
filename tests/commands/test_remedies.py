"""What a skill is learned from: what opens first, then the reader's language, and what is said of the rest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import replace

from commands import entries, remedies
from commands.entries import Entry
from content.load import Content
from content.resources import Reachable
from content.skills import Skill
from content.text import Language
from storage.learning import Learned, SkillState
from storage.own_links import OwnLink
from storage.shelf import Shelf

LORA = "lora"
LEARNED = Learned(SkillState.DONE, None, dt.datetime(2030, 1, 1, tzinfo=dt.UTC))


def skill_with(content: Content, reachable: dict[str, Reachable]) -> tuple[Content, Skill]:
    """The pack with some resources said not to open in mainland China."""
    changed = {each: replace(content.resources[each], reachable_cn=said) for each, said in reachable.items()}
    return replace(content, resources={**content.resources, **changed}), content.skills[LORA]


def standing(
    regions: Collection[str] = (),
    done: Collection[str] = (),
    hidden: Collection[str] = (),
    own: Collection[OwnLink] = (),
) -> Shelf:
    return Shelf(None, {}, frozenset(regions), dict.fromkeys(done, LEARNED), tuple(own), frozenset(hidden))


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
        here = standing(regions, {closed.id})
        texts = remedies.about(here, entries.of_pack(closed, here.done), language)
        return " · ".join(content.catalogue.say(each, language) for each in texts)

    assert " · in Chinese · may not open directly in mainland China · " in said(Language.EN, {"cn"})
    assert "may not open" not in said(Language.EN, {"eu"})
    assert "大陆可能无法直接访问" in said(Language.ZH, {"cn"})
    assert "中文" not in said(Language.ZH, {"cn"}).replace(closed.by, "")
    assert said(Language.EN, ()).endswith(" · done")


def test_the_best_is_the_first_that_is_not_done(content: Content) -> None:
    def found(*done: str) -> list[Entry]:
        return remedies.in_order(content, standing(done=done), content.skills[LORA], Language.EN)

    first, second, *_rest = ids = [each.id for each in found()]

    assert best(found()) == first
    assert best(found(first)) == second
    assert best(found(*ids)) == first
    assert remedies.best([]) is None


def best(found: list[Entry]) -> str:
    chosen = remedies.best(found)
    assert chosen is not None
    return chosen.id


def test_the_communitys_own_link_stands_behind_the_packs_in_its_language_and_says_whose_it_is(content: Content) -> None:
    skill = content.skills[LORA]
    link = OwnLink(7, "Our notes", "https://example.org/notes", LORA, Language.EN)
    elsewhere = replace(link, id=8, skill="sql")
    packs = [each.id for each in remedies.in_order(content, standing(), skill, Language.EN)]
    english = sum(content.resources[each].language is Language.EN for each in packs)
    here = standing(own=(link, elsewhere))

    found = remedies.in_order(content, here, skill, Language.EN)

    assert [each.id for each in found] == [*packs[:english], "own-7", *packs[english:]]
    said = [content.catalogue.say(each, Language.EN) for each in remedies.about(here, found[english], Language.EN)]
    assert said == ["added by your moderators"]
    assert link.resource not in {
        each.id for each in remedies.in_order(content, replace(here, hidden=frozenset({"own-7"})), skill, Language.EN)
    }


def test_what_the_community_has_hidden_is_left_out(content: Content) -> None:
    skill = content.skills[LORA]
    first = remedies.in_order(content, standing(), skill, Language.EN)[0]

    assert first not in remedies.in_order(content, standing(hidden={first.id}), skill, Language.EN)
    assert remedies.in_order(content, standing(hidden=skill.resources), skill, Language.EN) == []
