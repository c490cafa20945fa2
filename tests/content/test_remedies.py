"""From a gap to its remedy: which resources each skill names, in which languages, and how they were looked up."""

from __future__ import annotations

from collections import Counter

import pytest

from content.load import Content
from content.outcomes import Outcome
from content.text import Language

WITHOUT_CHINESE: list[str] = []  # skills whose resources are all English so far; never add one
REMEDIES = {
    "ml-foundations": "hf-llm-course hf-llm-course-zh ai-for-everyone g-mlcc g-mlcc-zh",
    "need-to-spec": "g-problem-framing g-rules-of-ml g-rules-zh",
    "acceptance-metrics": "sk-metrics g-mlcc",
    "dicom": "dicom-std dicom-deid",
    "hipaa": "hhs-privacy hhs-deid",
    "gdpr": "gdpr-text",
    "nmpa-registration": "nmpa-en nmpa-zh cmde-zh",
    "fraud-realtime": "pci nist-rmf",
    "deidentification": "hhs-deid presidio pci",
    "field-masking": "hhs-deid presidio pci",
    "user-pain-discovery": "govuk-research pair-needs",
    "ux-research": "govuk-research pair-needs",
    "cross-team-delivery": "svpg-plan hidden-debt",
    "edge-case-pilot": "g-rules-of-ml g-rules-zh awesome-pm",
    "ml-pipelines": "ml-ops-org g-rules-zh cd4ml kubeflow fsdl",
    "mlops": "ml-ops-org g-rules-zh cd4ml g-mlops mlflow dvc fsdl",
    "training-scheduling": "kueue volcano-zh ray-train megascale",
    "resource-allocation": "kueue volcano-zh",
    "api-reliability": "sre-slo otel-zh otel",
    "docs-coverage": "docs-as-code diataxis openapi doc-style-zh",
    "developer-experience": "fastapi fastapi-zh diataxis",
    "plugin-design": "fastapi fastapi-zh pluggy",
    "ecosystem-integration": "openapi kserve modelscope",
    "ai-as-a-service": "kserve pai-zh modelscope",
    "kubernetes": "k8s-concepts k8s-concepts-zh k8s-basics k8s-basics-zh",
    "cloud-native": "k8s-concepts k8s-concepts-zh twelve-factor twelve-factor-zh",
    "large-model-integration": "llm-universe-zh gradio hf-agents",
    "data-collection": "gdpr-text pipl-zh awesome-prod-ml",
    "data-cleaning": "pandas-missing joyful-pandas-zh gx cleanlab",
    "data-augmentation": "eda-paper eda-zh",
    "intent-lexicon": "eda-paper eda-zh",
    "annotation-guidelines": "label-studio doccano cleanlab",
    "annotation-quality": "label-studio cleanlab",
    "privacy-rules": "gdpr-text pipl-zh hhs-privacy nist-rmf",
    "model-metrics": "sk-metrics g-mlcc",
    "lora": "lora-paper peft self-llm-zh",
    "vector-db": "milvus milvus-zh milvus-rag-zh",
    "tokenizers": "hf-tokenizers hf-tokenizers-zh",
    "python": "py-tutorial py-tutorial-zh joyful-pandas-zh",
    "sql": "sqlbolt wonderful-sql-zh",
    "frontier-tracking": "mlabonne awesome-prod-ml lora-paper",
    "ai-interaction": "pair hax ant-spec-zh",
    "rapid-prototyping": "gradio hf-agents ant-spec-zh",
    "industry-workflow": "govuk-research awesome-pm",
    "pipl": "pipl-zh pipl-en",
    "genai-rules-cn": "genai-zh genai-en",
    "llm-evaluation": "eval-guidebook opencompass-zh",
    "context-design": "prompt-guide prompt-guide-zh",
    "retrieval-agents": "hf-agents milvus-rag-zh",
    "guardrails": "owasp-llm tc260-zh",
    "inference-cost": "vllm lmdeploy-zh",
}


@pytest.mark.parametrize(("skill_id", "named"), REMEDIES.items())
def test_a_remedy_names_what_the_gap_table_names_for_it(content: Content, skill_id: str, named: str) -> None:
    assert set(named.split()) <= set(content.skills[skill_id].resources)


def test_the_skills_once_released_are_still_there(content: Content) -> None:
    assert content.skills.keys() == REMEDIES.keys()
    assert Counter(skill.ours for skill in content.skills.values()) == {False: 41, True: 10}
    assert {skill.track for skill in content.skills.values()} == {None, *Outcome}


def test_each_skill_has_a_remedy_whose_resources_know_of_it(content: Content) -> None:
    for skill in content.skills.values():
        for resource_id in skill.resources:
            assert skill.id in content.resources[resource_id].skills, (skill.id, resource_id)


def test_every_resource_is_somebodys_remedy(content: Content) -> None:
    named = {resource_id for skill in content.skills.values() for resource_id in skill.resources}

    assert content.resources.keys() == named


def test_every_skill_has_an_english_resource_and_all_but_these_a_chinese_one(content: Content) -> None:
    languages = {
        skill.id: {content.resources[each].language for each in skill.resources} for skill in content.skills.values()
    }

    assert [skill for skill, known in languages.items() if Language.EN not in known] == []
    assert [skill for skill, known in languages.items() if Language.ZH not in known] == WITHOUT_CHINESE


def test_a_core_skill_has_a_chinese_resource_beside_the_hugging_face_course(content: Content) -> None:
    for outcome, card in content.tracks.items():
        for skill_id in set(card.skills) - set(WITHOUT_CHINESE):
            resources = [content.resources[each] for each in content.skills[skill_id].resources]
            chinese = [each for each in resources if each.language is Language.ZH]
            assert [each for each in chinese if "huggingface.co/learn/" not in each.address], (outcome, skill_id)


def test_the_first_resource_of_a_remedy_is_no_guess(content: Content) -> None:
    for skill in content.skills.values():
        assert content.resources[skill.resources[0]].seen != "memory", skill.id


def test_a_new_exact_address_says_where_it_stands(content: Content) -> None:
    newer = [each for each in content.resources.values() if each.seen_in]

    assert len(newer) >= 14
    assert {each.seen for each in newer} == {"exact"}
