from comptes.forms.code import AccesForm
from comptes.forms.compte import (
    AddEmailForm,
    ChangeEmailForm,
    ChangePasswordForm,
    ConfirmEmailVerificationCodeForm,
    ConfirmLoginCodeForm,
    ConfirmPasswordResetCodeForm,
    LoginForm,
    NomForm,
    ReauthenticateForm,
    RequestLoginCodeForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
    SignupForm,
)
from comptes.forms.piege import PiegeField

__all__ = [
    "AccesForm",
    "AddEmailForm",
    "ChangeEmailForm",
    "ChangePasswordForm",
    "ConfirmEmailVerificationCodeForm",
    "ConfirmLoginCodeForm",
    "ConfirmPasswordResetCodeForm",
    "LoginForm",
    "NomForm",
    "PiegeField",
    "ReauthenticateForm",
    "RequestLoginCodeForm",
    "ResetPasswordForm",
    "ResetPasswordKeyForm",
    "SetPasswordForm",
    "SignupForm",
]
