BEGIN TRANSACTION;
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL);
INSERT INTO "alembic_version" VALUES('e43177bfe90b');
CREATE TABLE assignment (
	id VARCHAR(32) NOT NULL, 
	name VARCHAR(128) NOT NULL, 
	duedate DATETIME, 
	course_id VARCHAR(128) NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (name), 
	FOREIGN KEY(course_id) REFERENCES course (id)
);
INSERT INTO "assignment" VALUES('2af767ff40e7440f8b275174dfa5c0dd','ps1',NULL,'');
CREATE TABLE base_cell (
	id VARCHAR(32) NOT NULL, 
	name VARCHAR(128) NOT NULL, 
	notebook_id VARCHAR(32) NOT NULL, 
	type VARCHAR(50), 
	PRIMARY KEY (id), 
	UNIQUE (name, notebook_id, type), 
	FOREIGN KEY(notebook_id) REFERENCES notebook (id)
);
INSERT INTO "base_cell" VALUES('47902b4f30724563b46095d50e1da7a6','plain','c30afff510b84e92a5e5017f20da5d76','GradeCell');
INSERT INTO "base_cell" VALUES('ecae0d1bb3324bcea1f4badd56510254','nothing','c30afff510b84e92a5e5017f20da5d76','GradeCell');
INSERT INTO "base_cell" VALUES('d0429877e4ab48e99b282cc42966955a','why','c30afff510b84e92a5e5017f20da5d76','GradeCell');
INSERT INTO "base_cell" VALUES('a4babb8c0a7b48c9a4b333c439e92c4a','squares','c30afff510b84e92a5e5017f20da5d76','SolutionCell');
INSERT INTO "base_cell" VALUES('a354fdf1c94e478fa88edd7d6e11f7d4','why','c30afff510b84e92a5e5017f20da5d76','SolutionCell');
CREATE TABLE comment (
	id VARCHAR(32) NOT NULL, 
	notebook_id VARCHAR(32), 
	cell_id VARCHAR(32), 
	auto_comment TEXT, 
	manual_comment TEXT, 
	PRIMARY KEY (id), 
	UNIQUE (cell_id, notebook_id), 
	FOREIGN KEY(notebook_id) REFERENCES submitted_notebook (id), 
	FOREIGN KEY(cell_id) REFERENCES base_cell (id)
);
INSERT INTO "comment" VALUES('779e88936e2b4f01921d6e82bb620c52','b6f0d55845aa476397bf129b1c2f1b75','a4babb8c0a7b48c9a4b333c439e92c4a',NULL,'Look at n = 0.');
INSERT INTO "comment" VALUES('3a2c59e9a61a440db4704ffe76396f7c','b6f0d55845aa476397bf129b1c2f1b75','a354fdf1c94e478fa88edd7d6e11f7d4',NULL,NULL);
INSERT INTO "comment" VALUES('66c1d5f011e14dcbb47fb55464abd342','0eb4cbc791414deeae26b466542a7ec0','a4babb8c0a7b48c9a4b333c439e92c4a',NULL,NULL);
INSERT INTO "comment" VALUES('111c682ab08d45ac8aff457c7dbc4b34','0eb4cbc791414deeae26b466542a7ec0','a354fdf1c94e478fa88edd7d6e11f7d4',NULL,NULL);
INSERT INTO "comment" VALUES('440ed8d0485340f992195063ced51ac8','2c864b0bbbc84fbbbb08f7eac333fb16','a4babb8c0a7b48c9a4b333c439e92c4a',NULL,NULL);
INSERT INTO "comment" VALUES('a9bf0bece79e482181bc7dadc9e3ef4c','2c864b0bbbc84fbbbb08f7eac333fb16','a354fdf1c94e478fa88edd7d6e11f7d4',NULL,'Say for which n.');
INSERT INTO "comment" VALUES('fa172e33967c4bfc86a1177edaea7827','e58119083359483b8ae4eca3c1d1e648','a4babb8c0a7b48c9a4b333c439e92c4a',NULL,NULL);
INSERT INTO "comment" VALUES('92061ac428874d16a4287eb11de3200b','e58119083359483b8ae4eca3c1d1e648','a354fdf1c94e478fa88edd7d6e11f7d4',NULL,NULL);
CREATE TABLE course (
	id VARCHAR(128) NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (id)
);
INSERT INTO "course" VALUES('default_course');
CREATE TABLE grade (
	id VARCHAR(32) NOT NULL, 
	notebook_id VARCHAR(32), 
	cell_id VARCHAR(32), 
	auto_score FLOAT, 
	manual_score FLOAT, 
	extra_credit FLOAT, 
	needs_manual_grade BOOLEAN NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (cell_id, notebook_id), 
	FOREIGN KEY(notebook_id) REFERENCES submitted_notebook (id), 
	FOREIGN KEY(cell_id) REFERENCES base_cell (id)
);
INSERT INTO "grade" VALUES('6f60c03d5bde40cf96bde921590b9164','b6f0d55845aa476397bf129b1c2f1b75','47902b4f30724563b46095d50e1da7a6',1.0,NULL,NULL,0);
INSERT INTO "grade" VALUES('eb3ee192c7a1488997d41d27a38a3db8','b6f0d55845aa476397bf129b1c2f1b75','ecae0d1bb3324bcea1f4badd56510254',0.0,NULL,NULL,0);
INSERT INTO "grade" VALUES('62904ba0a1f7426b96290c7e86181157','b6f0d55845aa476397bf129b1c2f1b75','d0429877e4ab48e99b282cc42966955a',NULL,NULL,NULL,1);
INSERT INTO "grade" VALUES('0ba8448b81da44b1bbb979d9f1ab6e7b','0eb4cbc791414deeae26b466542a7ec0','47902b4f30724563b46095d50e1da7a6',0.0,NULL,NULL,0);
INSERT INTO "grade" VALUES('1a5886cd5a494b0393b18f6bbd84b50c','0eb4cbc791414deeae26b466542a7ec0','ecae0d1bb3324bcea1f4badd56510254',0.0,NULL,NULL,0);
INSERT INTO "grade" VALUES('3b44e44866184a09a07a6f253e29f522','0eb4cbc791414deeae26b466542a7ec0','d0429877e4ab48e99b282cc42966955a',0.0,NULL,NULL,0);
INSERT INTO "grade" VALUES('0d394567a097472b87a8526ba97d32be','2c864b0bbbc84fbbbb08f7eac333fb16','47902b4f30724563b46095d50e1da7a6',1.0,NULL,NULL,0);
INSERT INTO "grade" VALUES('138066c9e0f144a98e3972122eee2382','2c864b0bbbc84fbbbb08f7eac333fb16','ecae0d1bb3324bcea1f4badd56510254',2.0,NULL,NULL,0);
INSERT INTO "grade" VALUES('37c0cd363b0f4e1f98894abe7077a475','2c864b0bbbc84fbbbb08f7eac333fb16','d0429877e4ab48e99b282cc42966955a',NULL,2.5,0.5,0);
INSERT INTO "grade" VALUES('d0a5b7c871714216b1baa39e4c0e3cf1','e58119083359483b8ae4eca3c1d1e648','47902b4f30724563b46095d50e1da7a6',0.0,NULL,NULL,0);
INSERT INTO "grade" VALUES('aac68a20349a48a598eb95de3d7c2993','e58119083359483b8ae4eca3c1d1e648','ecae0d1bb3324bcea1f4badd56510254',0.0,NULL,NULL,0);
INSERT INTO "grade" VALUES('79dfe3dd1d5d40ebb52e50e2b11d96be','e58119083359483b8ae4eca3c1d1e648','d0429877e4ab48e99b282cc42966955a',NULL,NULL,NULL,1);
CREATE TABLE grade_cells (
	id VARCHAR(32) NOT NULL, 
	max_score FLOAT NOT NULL, 
	cell_type VARCHAR(8) NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(id) REFERENCES base_cell (id)
);
INSERT INTO "grade_cells" VALUES('47902b4f30724563b46095d50e1da7a6',1.0,'code');
INSERT INTO "grade_cells" VALUES('ecae0d1bb3324bcea1f4badd56510254',2.0,'code');
INSERT INTO "grade_cells" VALUES('d0429877e4ab48e99b282cc42966955a',3.0,'markdown');
CREATE TABLE notebook (
	id VARCHAR(32) NOT NULL, 
	name VARCHAR(128) NOT NULL, 
	assignment_id VARCHAR(32), 
	kernelspec VARCHAR(1024), 
	PRIMARY KEY (id), 
	UNIQUE (name, assignment_id), 
	FOREIGN KEY(assignment_id) REFERENCES assignment (id)
);
INSERT INTO "notebook" VALUES('c30afff510b84e92a5e5017f20da5d76','problem','2af767ff40e7440f8b275174dfa5c0dd','{"display_name": "python3", "language": "python", "name": "python3"}');
CREATE TABLE solution_cells (
	id VARCHAR(32) NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(id) REFERENCES base_cell (id)
);
INSERT INTO "solution_cells" VALUES('a4babb8c0a7b48c9a4b333c439e92c4a');
INSERT INTO "solution_cells" VALUES('a354fdf1c94e478fa88edd7d6e11f7d4');
CREATE TABLE source_cell (
	id VARCHAR(32) NOT NULL, 
	name VARCHAR(128) NOT NULL, 
	cell_type VARCHAR(8) NOT NULL, 
	locked BOOLEAN NOT NULL, 
	source TEXT, 
	checksum VARCHAR(128), 
	notebook_id VARCHAR(32), 
	PRIMARY KEY (id), 
	UNIQUE (name, notebook_id), 
	FOREIGN KEY(notebook_id) REFERENCES notebook (id)
);
INSERT INTO "source_cell" VALUES('fdbf378b8a9c4dc993034796ddf567d5','squares','code',0,'def squares(n):
    raise 1','541e8094527fdc9d673438038d0f06e8','c30afff510b84e92a5e5017f20da5d76');
INSERT INTO "source_cell" VALUES('75e7b301138f4c588461bf2a51c0a2be','plain','code',1,'assert squares(3) == [1, 4, 9]','9f27dc62bc0cd337bd8525bd126c1be4','c30afff510b84e92a5e5017f20da5d76');
INSERT INTO "source_cell" VALUES('cadd432713b64b2480f341efe127d749','nothing','code',1,'### BEGIN HIDDEN TESTS
assert squares(0) == []
### END HIDDEN TESTS','1ef1e84e8ae89e1d4d8ecda1d89d0729','c30afff510b84e92a5e5017f20da5d76');
INSERT INTO "source_cell" VALUES('0c6e946abf244f18b4ff8e95de0fa46d','why','markdown',0,'YOUR ANSWER HERE','cfe06a67cff536de89b3d484993c5913','c30afff510b84e92a5e5017f20da5d76');
CREATE TABLE student (
	id VARCHAR(128) NOT NULL, 
	first_name VARCHAR(128), 
	last_name VARCHAR(128), 
	email VARCHAR(128), 
	lms_user_id VARCHAR(128), 
	PRIMARY KEY (id)
);
INSERT INTO "student" VALUES('bob',NULL,NULL,NULL,NULL);
INSERT INTO "student" VALUES('cy',NULL,NULL,NULL,NULL);
INSERT INTO "student" VALUES('ada',NULL,NULL,NULL,NULL);
INSERT INTO "student" VALUES('dee',NULL,NULL,NULL,NULL);
CREATE TABLE submitted_assignment (
	id VARCHAR(32) NOT NULL, 
	assignment_id VARCHAR(32), 
	student_id VARCHAR(128), 
	timestamp DATETIME, 
	extension DATETIME, 
	PRIMARY KEY (id), 
	UNIQUE (assignment_id, student_id), 
	FOREIGN KEY(assignment_id) REFERENCES assignment (id), 
	FOREIGN KEY(student_id) REFERENCES student (id)
);
INSERT INTO "submitted_assignment" VALUES('e92494bc8bb14ac0900f5535decf63bf','2af767ff40e7440f8b275174dfa5c0dd','bob','2026-03-01 12:00:00.000000',NULL);
INSERT INTO "submitted_assignment" VALUES('35c358aa5fdd49e0a9136514605b7cd7','2af767ff40e7440f8b275174dfa5c0dd','cy',NULL,NULL);
INSERT INTO "submitted_assignment" VALUES('3cee94ca44fa4616b749d34720df3920','2af767ff40e7440f8b275174dfa5c0dd','ada',NULL,NULL);
INSERT INTO "submitted_assignment" VALUES('d0d9027305f5484fb70cbb8215b50eba','2af767ff40e7440f8b275174dfa5c0dd','dee',NULL,NULL);
CREATE TABLE submitted_notebook (
	id VARCHAR(32) NOT NULL, 
	assignment_id VARCHAR(32), 
	notebook_id VARCHAR(32), 
	flagged BOOLEAN, 
	late_submission_penalty FLOAT, 
	PRIMARY KEY (id), 
	UNIQUE (notebook_id, assignment_id), 
	FOREIGN KEY(assignment_id) REFERENCES submitted_assignment (id), 
	FOREIGN KEY(notebook_id) REFERENCES notebook (id)
);
INSERT INTO "submitted_notebook" VALUES('b6f0d55845aa476397bf129b1c2f1b75','e92494bc8bb14ac0900f5535decf63bf','c30afff510b84e92a5e5017f20da5d76',0,NULL);
INSERT INTO "submitted_notebook" VALUES('0eb4cbc791414deeae26b466542a7ec0','35c358aa5fdd49e0a9136514605b7cd7','c30afff510b84e92a5e5017f20da5d76',0,NULL);
INSERT INTO "submitted_notebook" VALUES('2c864b0bbbc84fbbbb08f7eac333fb16','3cee94ca44fa4616b749d34720df3920','c30afff510b84e92a5e5017f20da5d76',0,NULL);
INSERT INTO "submitted_notebook" VALUES('e58119083359483b8ae4eca3c1d1e648','d0d9027305f5484fb70cbb8215b50eba','c30afff510b84e92a5e5017f20da5d76',0,NULL);
CREATE TABLE task_cells (
	id VARCHAR(32) NOT NULL, 
	max_score FLOAT NOT NULL, 
	cell_type VARCHAR(8) NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(id) REFERENCES base_cell (id)
);
COMMIT;
