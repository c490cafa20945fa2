"""What can be said of a tip of a community's own, and of one that is going out."""

from __future__ import annotations

SUGGESTED, READY, PAUSED, POSTED, DROPPED = "suggested", "ready", "paused", "posted", "dropped"
"""A tip: proposed by a member; next in its turn; waiting until it is wanted again; gone out; deleted or declined."""

DUE, HANDED, OUT, STOPPING, STOPPED, SKIPPED, FAILED, DOUBTFUL = (
    "due", "handed", "out", "stopping", "stopped", "skipped", "failed", "doubtful",
)  # fmt: skip
"""A posting: in the outbox; with Slack until its time; in the channel; being called off; called off; too late;
refused or given up; nobody knows."""
