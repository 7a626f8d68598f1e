"""Profiles that are alike: a passage answers only if it is about what the question asks about."""

from training.questions.profiles.making import PROFILE_KINDS, profile_examples

__all__ = ["PROFILE_KINDS", "profile_examples"]
