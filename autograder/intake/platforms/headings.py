"""Headings of tables, in the languages of platforms and of those who type them."""

import re
import unicodedata

IDENTIFIER, NAME, EMAIL = "Identifier", "Full name", "Email address"
USERNAME, ID_NUMBER = "Username", "ID number"
GRADE, MOST = "Grade", "Maximum grade"
GROUP, TIME = "Group", "Last modified (submission)"
FIRST, LAST = "First name", "Last name"

HEADINGS = {
    IDENTIFIER: (
        "identifier, identifiant, identificador, identificativo, identificatie, "
        "identyfikator, identifikátor, tunniste, идентификатор, ідентифікатор, "
        "tanımlayıcı, 識別子, 识别号, αναγνωριστικό"
    ),
    NAME: (
        "full name, vollständiger name, nom complet, nombre completo, nome "
        "completo, cognome nome, volledige naam, imię i nazwisko, fullständigt "
        "namn, fulde navn, fullt navn, koko nimi, celé jméno, teljes név, "
        "nume complet, ad soyad, полное имя, повне ім'я, ονοματεπώνυμο, "
        "フルネーム, 全名, 姓名"
    ),
    EMAIL: (
        "email address, e-mail address, e-mail-adresse, adresse de courriel, "
        "adresse e-mail, courriel, dirección de correo, dirección email, correo "
        "electrónico, correo, indirizzo email, adreça electrònica, e-mailadres, "
        "endereço de e-mail, endereço de email, adres e-mail, e-postadress, "
        "e-mailadresse, e-postadresse, sähköpostiosoite, e-mailová adresa, e-mail "
        "cím, адрес электронной почты, メールアドレス"
    ),
    USERNAME: (
        "username, anmeldename, benutzername, benutzerkennung, nom d'utilisateur, "
        "identifiant de connexion, nombre de usuario, usuario, gebruikersnaam, "
        "nome utente, nom d'usuari, nome de usuário, nazwa użytkownika, "
        "användarnamn, brugernavn, brukernavn, uživatelské jméno, логин, имя "
        "пользователя"
    ),
    ID_NUMBER: (
        "id number, id-nummer, matrikelnummer, matr.-nr., numéro d'identification, "
        "número de id, numero id, número d'identificació, orgdefinedid"
    ),
    GRADE: (
        "grade, bewertung, note, calificación, valutazione, qualificació, "
        "beoordeling, nota, ocena, betyg, karakter"
    ),
    MOST: ("maximum grade, bestwertung, note maximale"),
    GROUP: ("gruppe, groupe, grupo, gruppo, groep, grup, grupa, grupp"),
    TIME: (
        "last modified (submission), zuletzt geändert (abgabe), dernière "
        "modification (travail remis), última modificación (entrega), ultima "
        "modifica (consegna), s'ha tramès, laatst gewijzigd (inzending)"
    ),
    FIRST: (
        "first name, vorname, prénom, nombre de pila, nombre, nombre(s), nome, nom "
        "de pila, voornaam, imię, förnamn, fornavn"
    ),
    LAST: (
        "last name, nachname, nom de famille, apellido, apellidos, apellido(s), "
        "cognome, sobrenome, cognoms, achternaam, nazwisko, efternamn, etternavn"
    ),
}
IN_ENGLISH = {
    name: heading for heading, names in HEADINGS.items() for name in names.split(", ")
}
"""By what a heading is in small letters; what is in no language here stays as it is."""
TYPED = {
    NAME: ("name, student, student name, display name, displayname"),
    EMAIL: ("email, e-mail, mail, user principal name, userprincipalname"),
    USERNAME: (
        "id, login, login name, user, user name, netid, student_id, identifier, "
        "sis login id"
    ),
    ID_NUMBER: (
        "sid, student id, student number, sis user id, user id, registration_number"
    ),
    GROUP: ("group, team, groups"),
    FIRST: (
        "first_name, firstname, given name, given_name, givenname, "
        "first_name_of_student"
    ),
    LAST: (
        "last_name, lastname, surname, family name, family_name, family_name_of_student"
    ),
}
"""What people call columns of a list of their own, beside these; `id` counts first."""
IN_A_LIST = IN_ENGLISH | {
    name: heading for heading, names in TYPED.items() for name in names.split(", ")
}
STATUS = frozenset(
    re.split(
        r"\s",
        """\
status estado statut stato estat tila stav durum stan állapot estatus stare статус
κατάσταση ステータス 状态""",
    )
)
"""What Moodle has beside the identifier where it hides names."""
PARTICIPANT = frozenset(
    re.split(
        r",\s",
        """\
participant, teilnehmer/in, teilnehmer, teilnehmer*in, teilnehmende/r,
participante, partecipante, deelnemer, uczestnik, deltagare, deltager,
deltaker, osallistuja, účastník, résztvevő, katılımcı, участник,
учасник, συμμετέχων, 参加者, 参与者""",
    )
)
"""What Moodle calls people whose names it hides, before their number."""


def plain(heading: str) -> str:
    """Return a heading in small letters, however its blanks are written."""
    return " ".join(unicodedata.normalize("NFKC", heading).casefold().split())
