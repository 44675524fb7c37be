"""Addresses of follow-up letters and of reminders."""

from django.urls import path

from review.views.letters import letter, register, reminders

HERE = "follow-up/<int:pk>/"

urlpatterns = [
    path("follow-up/", register.follow_ups, name="follow_ups"),
    path("follow-up/proposals/", register.proposals, name="follow_up_proposals"),
    path("follow-up/proposals/dismiss/", register.dismiss, name="follow_up_dismiss"),
    path("follow-up/standards/", register.letter_standards, name="follow_up_standards"),
    path("follow-up/standards/mark/", register.letter_mark, name="follow_up_mark"),
    path("follow-up/standards/<slug:kind>/", register.letter_standard, name="follow_up_standard"),
    path("follow-up/new/", letter.follow_up_new, name="follow_up_new"),
    path("follow-up/departments/<int:pk>/", register.department_letters, name="department_follow_ups"),
    path(HERE, letter.follow_up, name="follow_up"),
    path(f"{HERE}edit/", letter.follow_up_edit, name="follow_up_edit"),
    path(f"{HERE}reply/", letter.follow_up_reply, name="follow_up_reply"),
    path(f"{HERE}files/<int:file_pk>/", letter.follow_up_file, name="follow_up_file"),
    path(f"{HERE}paper/<slug:form>/", letter.follow_up_paper, name="follow_up_paper"),
    path(f"{HERE}step/<slug:action>/", letter.follow_up_move, name="follow_up_move"),
    path("remind/", reminders.remind, name="remind"),
    path("remind/sent/", reminders.reminders, name="reminders"),
    path("remind/sent/<int:pk>/", reminders.reminder, name="reminder"),
]
