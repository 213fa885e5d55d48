"""Addresses of questions about wages; `inmates.urls` takes them in."""

from django.urls import path

from inmates.questions.views import desk, public, terminal

urlpatterns = [
    path("questions/", public.ask_outside, name="questions_outside"),
    path("questions/figures/", public.question_figures, name="question_figures"),
    path("questions/sent/<uuid:key>/", public.question_outside, name="question_outside"),
    path("questions/desk/", desk.questions, name="questions"),
    path("questions/desk/enter/", desk.question_enter, name="question_enter"),
    path("questions/desk/<int:question_id>/", desk.question, name="question"),
    path("questions/desk/<int:question_id>/take/", desk.question_take, name="question_take"),
    path(
        "questions/desk/<int:question_id>/ask-name/",
        desk.question_ask_name,
        name="question_ask_name",
    ),
    path("questions/desk/<int:question_id>/answer/", desk.question_answer, name="question_answer"),
    path("questions/desk/<int:question_id>/name/", desk.question_name, name="question_name"),
    path("questions/desk/<int:question_id>/letter/", desk.question_letter, name="question_letter"),
    path("terminal/questions/", terminal.terminal_questions, name="terminal_questions"),
    path("terminal/questions/new/", terminal.terminal_question_new, name="terminal_question_new"),
    path(
        "terminal/questions/<int:question_id>/",
        terminal.terminal_question,
        name="terminal_question",
    ),
    path(
        "terminal/questions/<int:question_id>/<slug:act>/",
        terminal.terminal_question_act,
        name="terminal_question_act",
    ),
]
