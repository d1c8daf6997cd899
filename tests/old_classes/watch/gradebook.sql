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
INSERT INTO "assignment" VALUES('db4470bb5ba348ca8cf3780611c7613a','ps1',NULL,'');
CREATE TABLE base_cell (
	id VARCHAR(32) NOT NULL, 
	name VARCHAR(128) NOT NULL, 
	notebook_id VARCHAR(32) NOT NULL, 
	type VARCHAR(50), 
	PRIMARY KEY (id), 
	UNIQUE (name, notebook_id, type), 
	FOREIGN KEY(notebook_id) REFERENCES notebook (id)
);
INSERT INTO "base_cell" VALUES('24bc1eb84896486da88213db204659d9','plain','94e0be569b164e52814d1b01937e995d','GradeCell');
INSERT INTO "base_cell" VALUES('86908eb1823648b8a627eebe153fc650','nothing','94e0be569b164e52814d1b01937e995d','GradeCell');
INSERT INTO "base_cell" VALUES('eb0b15ae7f384c27ab43a355e22b08b7','why','94e0be569b164e52814d1b01937e995d','GradeCell');
INSERT INTO "base_cell" VALUES('1567ce0c73cd494aac80d7597304d9fa','squares','94e0be569b164e52814d1b01937e995d','SolutionCell');
INSERT INTO "base_cell" VALUES('c1b4be87a52144f6bbcd52eb1602fcaf','why','94e0be569b164e52814d1b01937e995d','SolutionCell');
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
INSERT INTO "comment" VALUES('568d78abb23c49f1a97ad4c9bb7e0f6d','56616b8ad7ea489a8e30b5bae0027d91','1567ce0c73cd494aac80d7597304d9fa',NULL,NULL);
INSERT INTO "comment" VALUES('0f48b7ed2de34267a59d75615287c164','56616b8ad7ea489a8e30b5bae0027d91','c1b4be87a52144f6bbcd52eb1602fcaf',NULL,NULL);
INSERT INTO "comment" VALUES('d1bf3232b1dd4779a84123fe77364e2b','74c23dec005d49ac8b774ad7b2966510','1567ce0c73cd494aac80d7597304d9fa',NULL,NULL);
INSERT INTO "comment" VALUES('cc8f1c309c884fbabe65ad09a6c6b19b','74c23dec005d49ac8b774ad7b2966510','c1b4be87a52144f6bbcd52eb1602fcaf',NULL,'Say for which n.');
INSERT INTO "comment" VALUES('0bd76e584efa4d02a535614aea6f32d5','3b7f3bdc9e824eec9ac2f1044574527a','1567ce0c73cd494aac80d7597304d9fa',NULL,'Look at n = 0.');
INSERT INTO "comment" VALUES('3b539f07170c471bb6364adf0d9cb015','3b7f3bdc9e824eec9ac2f1044574527a','c1b4be87a52144f6bbcd52eb1602fcaf',NULL,NULL);
INSERT INTO "comment" VALUES('e4f5100af39e4d7ea8a0c80247e99b62','d219a6e1bacb42f285a2b98f24a3cd15','1567ce0c73cd494aac80d7597304d9fa',NULL,NULL);
INSERT INTO "comment" VALUES('a745dce7e01a41e0bf006ad752279251','d219a6e1bacb42f285a2b98f24a3cd15','c1b4be87a52144f6bbcd52eb1602fcaf',NULL,NULL);
CREATE TABLE course (
	id VARCHAR(128) NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (id)
);
INSERT INTO "course" VALUES('');
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
INSERT INTO "grade" VALUES('01b581d28016433cb6d01f54e4edd645','56616b8ad7ea489a8e30b5bae0027d91','24bc1eb84896486da88213db204659d9',0.0,NULL,NULL,0);
INSERT INTO "grade" VALUES('5189b8a2a4ea40c098bb3fe84339e99e','56616b8ad7ea489a8e30b5bae0027d91','86908eb1823648b8a627eebe153fc650',0.0,NULL,NULL,0);
INSERT INTO "grade" VALUES('5326e607f54e42338911dd1183c3b1a1','56616b8ad7ea489a8e30b5bae0027d91','eb0b15ae7f384c27ab43a355e22b08b7',0.0,NULL,NULL,0);
INSERT INTO "grade" VALUES('f8cd56990ee34d66974ecc18962ac3b5','74c23dec005d49ac8b774ad7b2966510','24bc1eb84896486da88213db204659d9',1.0,NULL,NULL,0);
INSERT INTO "grade" VALUES('ca7eb091087e4573aa2792dab8240cda','74c23dec005d49ac8b774ad7b2966510','86908eb1823648b8a627eebe153fc650',2.0,NULL,NULL,0);
INSERT INTO "grade" VALUES('e8308626e5e94e5697a3d1d48b4f1f98','74c23dec005d49ac8b774ad7b2966510','eb0b15ae7f384c27ab43a355e22b08b7',NULL,2.5,0.5,0);
INSERT INTO "grade" VALUES('02e63698a4b54a80b09645ced92fa51e','3b7f3bdc9e824eec9ac2f1044574527a','24bc1eb84896486da88213db204659d9',1.0,NULL,NULL,0);
INSERT INTO "grade" VALUES('3f4417379db744fbb997b9c1190b5121','3b7f3bdc9e824eec9ac2f1044574527a','86908eb1823648b8a627eebe153fc650',0.0,NULL,NULL,0);
INSERT INTO "grade" VALUES('a30eaadd55aa450baaa7da320909bb02','3b7f3bdc9e824eec9ac2f1044574527a','eb0b15ae7f384c27ab43a355e22b08b7',NULL,NULL,NULL,1);
INSERT INTO "grade" VALUES('575d2c3b61644e7293b502a58f7b9448','d219a6e1bacb42f285a2b98f24a3cd15','24bc1eb84896486da88213db204659d9',0.0,NULL,NULL,0);
INSERT INTO "grade" VALUES('f7098be38c1145989cbb0890c2a24cbd','d219a6e1bacb42f285a2b98f24a3cd15','86908eb1823648b8a627eebe153fc650',0.0,NULL,NULL,0);
INSERT INTO "grade" VALUES('37f4d788707b48749368f87d2ae40918','d219a6e1bacb42f285a2b98f24a3cd15','eb0b15ae7f384c27ab43a355e22b08b7',NULL,NULL,NULL,1);
CREATE TABLE grade_cells (
	id VARCHAR(32) NOT NULL, 
	max_score FLOAT NOT NULL, 
	cell_type VARCHAR(8) NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(id) REFERENCES base_cell (id)
);
INSERT INTO "grade_cells" VALUES('24bc1eb84896486da88213db204659d9',1.0,'code');
INSERT INTO "grade_cells" VALUES('86908eb1823648b8a627eebe153fc650',2.0,'code');
INSERT INTO "grade_cells" VALUES('eb0b15ae7f384c27ab43a355e22b08b7',3.0,'markdown');
CREATE TABLE notebook (
	id VARCHAR(32) NOT NULL, 
	name VARCHAR(128) NOT NULL, 
	assignment_id VARCHAR(32), 
	kernelspec VARCHAR(1024), 
	PRIMARY KEY (id), 
	UNIQUE (name, assignment_id), 
	FOREIGN KEY(assignment_id) REFERENCES assignment (id)
);
INSERT INTO "notebook" VALUES('94e0be569b164e52814d1b01937e995d','problem','db4470bb5ba348ca8cf3780611c7613a','{"display_name": "python3", "language": "python", "name": "python3"}');
CREATE TABLE solution_cells (
	id VARCHAR(32) NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(id) REFERENCES base_cell (id)
);
INSERT INTO "solution_cells" VALUES('1567ce0c73cd494aac80d7597304d9fa');
INSERT INTO "solution_cells" VALUES('c1b4be87a52144f6bbcd52eb1602fcaf');
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
INSERT INTO "source_cell" VALUES('dc5d9df43c6140f6ab7f8f58edcacf53','squares','code',0,'def squares(n):
    raise 1','541e8094527fdc9d673438038d0f06e8','94e0be569b164e52814d1b01937e995d');
INSERT INTO "source_cell" VALUES('4615364de75d4b30a6eadd08f1667f4d','plain','code',1,'assert squares(3) == [1, 4, 9]','9f27dc62bc0cd337bd8525bd126c1be4','94e0be569b164e52814d1b01937e995d');
INSERT INTO "source_cell" VALUES('7241e114db494f5cbe63651dd752f3e1','nothing','code',1,'### BEGIN HIDDEN TESTS
assert squares(0) == []
### END HIDDEN TESTS','1ef1e84e8ae89e1d4d8ecda1d89d0729','94e0be569b164e52814d1b01937e995d');
INSERT INTO "source_cell" VALUES('f18dd515fea54373a542d1ffb94a1946','why','markdown',0,'YOUR ANSWER HERE','cfe06a67cff536de89b3d484993c5913','94e0be569b164e52814d1b01937e995d');
CREATE TABLE student (
	id VARCHAR(128) NOT NULL, 
	first_name VARCHAR(128), 
	last_name VARCHAR(128), 
	email VARCHAR(128), 
	lms_user_id VARCHAR(128), 
	PRIMARY KEY (id)
);
INSERT INTO "student" VALUES('cy',NULL,NULL,NULL,NULL);
INSERT INTO "student" VALUES('ada',NULL,NULL,NULL,NULL);
INSERT INTO "student" VALUES('bob',NULL,NULL,NULL,NULL);
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
INSERT INTO "submitted_assignment" VALUES('9602915a177f447386256fe48e7f7286','db4470bb5ba348ca8cf3780611c7613a','cy',NULL,NULL);
INSERT INTO "submitted_assignment" VALUES('13f2af917dce429dbecfa35849bbf39f','db4470bb5ba348ca8cf3780611c7613a','ada',NULL,NULL);
INSERT INTO "submitted_assignment" VALUES('3c0e69df9d5043a8a8bd24b789ee7597','db4470bb5ba348ca8cf3780611c7613a','bob','2026-03-01 12:00:00.000000',NULL);
INSERT INTO "submitted_assignment" VALUES('1e051e220b854cac8ed014a948c7f705','db4470bb5ba348ca8cf3780611c7613a','dee',NULL,NULL);
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
INSERT INTO "submitted_notebook" VALUES('56616b8ad7ea489a8e30b5bae0027d91','9602915a177f447386256fe48e7f7286','94e0be569b164e52814d1b01937e995d',0,NULL);
INSERT INTO "submitted_notebook" VALUES('74c23dec005d49ac8b774ad7b2966510','13f2af917dce429dbecfa35849bbf39f','94e0be569b164e52814d1b01937e995d',0,NULL);
INSERT INTO "submitted_notebook" VALUES('3b7f3bdc9e824eec9ac2f1044574527a','3c0e69df9d5043a8a8bd24b789ee7597','94e0be569b164e52814d1b01937e995d',0,NULL);
INSERT INTO "submitted_notebook" VALUES('d219a6e1bacb42f285a2b98f24a3cd15','1e051e220b854cac8ed014a948c7f705','94e0be569b164e52814d1b01937e995d',0,NULL);
CREATE TABLE task_cells (
	id VARCHAR(32) NOT NULL, 
	max_score FLOAT NOT NULL, 
	cell_type VARCHAR(8) NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(id) REFERENCES base_cell (id)
);
COMMIT;
