from pixie.adapters.kernel.database import ConstraintErrors
from pixie.application.kernel.errors import NotSignedIn

FILE_CONSTRAINTS: ConstraintErrors = {
    "fk_files_user_id_users": NotSignedIn,  # the account was deleted while its upload was under way
}
