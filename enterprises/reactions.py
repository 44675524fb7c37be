"""What this floor does after the roster changed."""

from enterprises.domain.likeness import follow_names
from enterprises.domain.roster_changes import follow_roster

follow_roster(follow_names)
