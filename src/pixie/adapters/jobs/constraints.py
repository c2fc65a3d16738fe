from typing import Final

from pixie.adapters.kernel.database import ConstraintErrors
from pixie.domain.jobs.errors import ProjectNotFound

JOB_CONSTRAINTS: Final[ConstraintErrors] = {"fk_ai_jobs_project_id_projects": ProjectNotFound}
"""What the database refuses by these names, in the domain's words."""
