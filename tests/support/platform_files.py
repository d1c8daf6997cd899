"""Files of Canvas and Moodle, made up as their own code writes them."""

# As Canvas exports its gradebook (its lib/gradebook_exporter.rb).
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Homework (4100),00 Small (4101),\
Current Score,Final Score
,,,,,Manual Posting,,,
    Points Possible,,,,,5,10,(read only),(read only)
"Byron, Tim",1002,,tim@x.org,"B, evening",4,,80,40
"King, Ada Maria",1001,s1,ada@x.org,A,5,,100,50
"=cmd|' /C calc'!A0",1003,,sue@x.org,A,3,2.5,60,25
"Noether, Emmy",1004,,emmy,A,,,,
"Lost, Lou",1005,,lou,A,,,,
"Student, Test",1999,,,A,,,,
"""
# As Moodle writes its grading worksheet (its mod/assign/gradingtable.php).
WORKSHEETS = {
    "English": """\
Identifier,"Full name","Email address",Status,Grade,"Maximum grade",\
"Grade can be changed","Last modified (submission)","Last modified (grade)",\
"Feedback comments"
"Participant 3101","Ada Maria King",ada@x.org,"Submitted for grading",,10.00,Yes,-,-,
"Participant 3102","Tim Byron",tim@x.org,"No submission",,10.00,Yes,-,-,"- see me"
""",
    "German": """\
\ufeffID;"Vollständiger Name";E-Mail-Adresse;Status;Bewertung;Bestwertung;\
"Bewertung kann geändert werden";"Zuletzt geändert (Abgabe)";\
"Zuletzt geändert (Bewertung)";"Feedback als Kommentar"
"Teilnehmer/in 3101";"Ada Maria King";ada@x.org;"Zur Bewertung abgegeben";;10,00;Ja;-;-;
"Teilnehmer/in 3102";"Tim Byron";tim@x.org;"Keine Abgabe";;10,00;Ja;-;-;
""",
    "French": """\
Identifiant,"Nom complet","Adresse de courriel",Statut,Note,"Note maximale",\
"La note peut être modifiée","Dernière modification (travail remis)",\
"Dernière modification (note)","Feedback par commentaires"
"Participant 3101","Ada Maria King",ada@x.org,Remis,,"10,00",Oui,-,-,
"Participant 3102","Tim Byron",tim@x.org,"Aucun travail",,"10,00",Oui,-,-,
""",
}
