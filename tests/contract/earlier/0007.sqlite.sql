BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0007');
CREATE TABLE billed_call (
	id INTEGER NOT NULL, 
	vehicle_id INTEGER, 
	category VARCHAR(20) NOT NULL, 
	at BIGINT NOT NULL, 
	CONSTRAINT pk_billed_call PRIMARY KEY (id), 
	CONSTRAINT fk_billed_call_vehicle_id FOREIGN KEY(vehicle_id) REFERENCES vehicle (id) ON DELETE CASCADE
);
INSERT INTO "billed_call" VALUES(1,1,'data',1704909600000000);
INSERT INTO "billed_call" VALUES(2,2,'data',1704909600000000);
CREATE TABLE cause_judged (
	id INTEGER NOT NULL, 
	named VARCHAR(20), 
	truly VARCHAR(20) NOT NULL, 
	at BIGINT NOT NULL, 
	CONSTRAINT pk_cause_judged PRIMARY KEY (id)
);
INSERT INTO "cause_judged" VALUES(1,'D1','D2',1704909600000000);
CREATE TABLE charge_settings (
	vehicle_id INTEGER NOT NULL, 
	settings TEXT NOT NULL, 
	saved_at BIGINT NOT NULL, 
	CONSTRAINT pk_charge_settings PRIMARY KEY (vehicle_id), 
	CONSTRAINT fk_charge_settings_vehicle_id FOREIGN KEY(vehicle_id) REFERENCES vehicle (id) ON DELETE CASCADE
);
INSERT INTO "charge_settings" VALUES(1,'{"goal":{"ready_by":{"0":"07:00:00","1":"07:30:00","2":null,"3":null,"4":null,"5":null,"6":null},"target_percent":80,"minimum_percent":20,"zone":"Europe/Amsterdam","skipped":["2024-01-12"]},"tariff":{"price_micro_per_kwh":1},"current_a":null}',1704909600000000);
INSERT INTO "charge_settings" VALUES(2,'{"goal":{"ready_by":{"0":"07:00:00","1":"07:30:00","2":null,"3":null,"4":null,"5":null,"6":null},"target_percent":80,"minimum_percent":20,"zone":"Europe/Amsterdam","skipped":["2024-01-12"]},"tariff":{"price_micro_per_kwh":1},"current_a":null}',1704909600000000);
CREATE TABLE command (
	id INTEGER NOT NULL, 
	vehicle_id INTEGER NOT NULL, 
	night_id INTEGER, 
	"order" VARCHAR(20) NOT NULL, 
	current_a INTEGER, 
	delivery VARCHAR(20) NOT NULL, 
	wanted_at BIGINT NOT NULL, 
	sent_at BIGINT, 
	settled_at BIGINT, 
	detail VARCHAR(200) NOT NULL, 
	CONSTRAINT pk_command PRIMARY KEY (id), 
	CONSTRAINT fk_command_night_id FOREIGN KEY(night_id) REFERENCES night (id) ON DELETE CASCADE, 
	CONSTRAINT fk_command_vehicle_id FOREIGN KEY(vehicle_id) REFERENCES vehicle (id) ON DELETE CASCADE
);
INSERT INTO "command" VALUES(1,1,1,'start',NULL,'drafted',1704909600000000,NULL,NULL,'');
INSERT INTO "command" VALUES(2,2,2,'start',NULL,'drafted',1704909600000000,NULL,NULL,'');
CREATE TABLE consent_attempt (
	id INTEGER NOT NULL, 
	state_hash VARCHAR(64) NOT NULL, 
	web_session_id INTEGER NOT NULL, 
	driver_id INTEGER NOT NULL, 
	nonce VARCHAR(64) NOT NULL, 
	started_at BIGINT NOT NULL, 
	used_at BIGINT, 
	CONSTRAINT pk_consent_attempt PRIMARY KEY (id), 
	CONSTRAINT fk_consent_attempt_driver_id FOREIGN KEY(driver_id) REFERENCES driver (id) ON DELETE CASCADE, 
	CONSTRAINT fk_consent_attempt_web_session_id FOREIGN KEY(web_session_id) REFERENCES web_session (id) ON DELETE CASCADE, 
	CONSTRAINT uq_consent_attempt_state_hash UNIQUE (state_hash)
);
INSERT INTO "consent_attempt" VALUES(1,'state of anna@example.org',1,1,'nonce',1704909600000000,NULL);
INSERT INTO "consent_attempt" VALUES(2,'state of bert@example.org',2,2,'nonce',1704909600000000,NULL);
CREATE TABLE driver (
	id INTEGER NOT NULL, 
	email VARCHAR(320) NOT NULL, 
	locale VARCHAR(35) NOT NULL, 
	created_at BIGINT NOT NULL, 
	CONSTRAINT pk_driver PRIMARY KEY (id), 
	CONSTRAINT uq_driver_email UNIQUE (email)
);
INSERT INTO "driver" VALUES(1,'anna@example.org','en',1704909600000000);
INSERT INTO "driver" VALUES(2,'bert@example.org','en',1704909600000000);
CREATE TABLE hand_off (
	id INTEGER NOT NULL, 
	driver_id INTEGER NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	asks_as VARCHAR(80) NOT NULL, 
	made_at BIGINT NOT NULL, 
	ends_at BIGINT NOT NULL, 
	opened_at BIGINT, 
	agreed_at BIGINT, 
	consented_at BIGINT, 
	declined_at BIGINT, 
	revoked_at BIGINT, 
	done_at BIGINT, 
	answered_in INTEGER, 
	reason VARCHAR(20), 
	words VARCHAR(300) NOT NULL, 
	CONSTRAINT pk_hand_off PRIMARY KEY (id), 
	CONSTRAINT fk_hand_off_answered_in FOREIGN KEY(answered_in) REFERENCES web_session (id) ON DELETE SET NULL, 
	CONSTRAINT fk_hand_off_driver_id FOREIGN KEY(driver_id) REFERENCES driver (id) ON DELETE CASCADE, 
	CONSTRAINT uq_hand_off_token_hash UNIQUE (token_hash)
);
INSERT INTO "hand_off" VALUES(1,1,'page of anna@example.org','Kim',1704909600000000,1704913200000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'');
INSERT INTO "hand_off" VALUES(2,2,'page of bert@example.org','Kim',1704909600000000,1704913200000000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'');
CREATE TABLE hand_off_car (
	hand_off_id INTEGER NOT NULL, 
	vehicle_id INTEGER NOT NULL, 
	CONSTRAINT pk_hand_off_car PRIMARY KEY (hand_off_id, vehicle_id), 
	CONSTRAINT fk_hand_off_car_hand_off_id FOREIGN KEY(hand_off_id) REFERENCES hand_off (id) ON DELETE CASCADE, 
	CONSTRAINT fk_hand_off_car_vehicle_id FOREIGN KEY(vehicle_id) REFERENCES vehicle (id) ON DELETE CASCADE
);
INSERT INTO "hand_off_car" VALUES(1,1);
INSERT INTO "hand_off_car" VALUES(2,2);
CREATE TABLE home (
	name VARCHAR(40) NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_home PRIMARY KEY (name)
);
INSERT INTO "home" VALUES('demo','yes');
CREATE TABLE home_place (
	vehicle_id INTEGER NOT NULL, 
	place_sealed BLOB NOT NULL, 
	learnt_from VARCHAR(20) NOT NULL, 
	learnt_at BIGINT NOT NULL, 
	CONSTRAINT pk_home_place PRIMARY KEY (vehicle_id), 
	CONSTRAINT fk_home_place_vehicle_id FOREIGN KEY(vehicle_id) REFERENCES vehicle (id) ON DELETE CASCADE
);
INSERT INTO "home_place" VALUES(1,X'01012DC7339FA4D90AA48D6695B9A6A6EBA0203E6688AD8423BEA6D6E769259F826FC0552F9D','driver',1704909600000000);
INSERT INTO "home_place" VALUES(2,X'0101AA0A716866608CD61BE91E48E42DC600D12AC78A0A6D26FC3FBDCEBCC232F3D135C1BE36','driver',1704909600000000);
CREATE TABLE key_watch (
	vehicle_id INTEGER NOT NULL, 
	opened_at BIGINT NOT NULL, 
	last_open_at BIGINT NOT NULL, 
	returned_at BIGINT, 
	CONSTRAINT pk_key_watch PRIMARY KEY (vehicle_id), 
	CONSTRAINT fk_key_watch_vehicle_id FOREIGN KEY(vehicle_id) REFERENCES vehicle (id) ON DELETE CASCADE
);
INSERT INTO "key_watch" VALUES(1,1704909600000000,1704909600000000,NULL);
INSERT INTO "key_watch" VALUES(2,1704909600000000,1704909600000000,NULL);
CREATE TABLE night (
	id INTEGER NOT NULL, 
	vehicle_id INTEGER NOT NULL, 
	plugged_in_at BIGINT NOT NULL, 
	unplugged_at BIGINT, 
	wish VARCHAR(20) NOT NULL, 
	wished_at BIGINT NOT NULL, 
	ready_by BIGINT, 
	CONSTRAINT pk_night PRIMARY KEY (id), 
	CONSTRAINT fk_night_vehicle_id FOREIGN KEY(vehicle_id) REFERENCES vehicle (id) ON DELETE CASCADE
);
INSERT INTO "night" VALUES(1,1,1704909600000000,NULL,'plan',1704909600000000,NULL);
INSERT INTO "night" VALUES(2,2,1704909600000000,NULL,'plan',1704909600000000,NULL);
CREATE TABLE notice (
	id INTEGER NOT NULL, 
	driver_id INTEGER NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	event VARCHAR(120) NOT NULL, 
	filled_with TEXT NOT NULL, 
	made_at BIGINT NOT NULL, 
	sent_at BIGINT, 
	read_at BIGINT, 
	CONSTRAINT pk_notice PRIMARY KEY (id), 
	CONSTRAINT fk_notice_driver_id FOREIGN KEY(driver_id) REFERENCES driver (id) ON DELETE CASCADE, 
	CONSTRAINT uq_notice_driver_id_event UNIQUE (driver_id, event)
);
INSERT INTO "notice" VALUES(1,1,'car_gone','sold','{}',1704909600000000,NULL,NULL);
INSERT INTO "notice" VALUES(2,2,'car_gone','sold','{}',1704909600000000,NULL,NULL);
CREATE TABLE observation (
	id INTEGER NOT NULL, 
	subject_kind VARCHAR(20) NOT NULL, 
	subject_id INTEGER NOT NULL, 
	kind VARCHAR(40) NOT NULL, 
	fact TEXT NOT NULL, 
	observed_at BIGINT NOT NULL, 
	source VARCHAR(20) NOT NULL, 
	request_id VARCHAR(120), 
	CONSTRAINT pk_observation PRIMARY KEY (id)
);
INSERT INTO "observation" VALUES(1,'driver',1,'chose_vehicle','{"vehicle_id":1}',1704909600000000,'driver',NULL);
INSERT INTO "observation" VALUES(2,'grant',1,'scopes_granted','{"scopes":["openid","vehicle_device_data","vehicle_charging_cmds","offline_access"]}',1704909600000000,'token',NULL);
INSERT INTO "observation" VALUES(3,'vehicle',1,'handshake','{"proved":true}',1704909600000000,'car',NULL);
INSERT INTO "observation" VALUES(4,'driver',2,'chose_vehicle','{"vehicle_id":2}',1704909600000000,'driver',NULL);
INSERT INTO "observation" VALUES(5,'grant',3,'scopes_granted','{"scopes":["openid","vehicle_device_data","vehicle_charging_cmds","offline_access"]}',1704909600000000,'token',NULL);
INSERT INTO "observation" VALUES(6,'vehicle',2,'handshake','{"proved":true}',1704909600000000,'car',NULL);
CREATE TABLE outbox (
	id INTEGER NOT NULL, 
	"to" VARCHAR(320) NOT NULL, 
	subject VARCHAR(200) NOT NULL, 
	text TEXT NOT NULL, 
	sent_at BIGINT NOT NULL, 
	CONSTRAINT pk_outbox PRIMARY KEY (id)
);
INSERT INTO "outbox" VALUES(1,'anna@example.org','Sign in','a link',1704909600000000);
INSERT INTO "outbox" VALUES(2,'bert@example.org','Sign in','a link',1704909600000000);
CREATE TABLE "plan" (
	id INTEGER NOT NULL, 
	night_id INTEGER NOT NULL, 
	made_at BIGINT NOT NULL, 
	problem TEXT NOT NULL, 
	"plan" TEXT NOT NULL, 
	CONSTRAINT pk_plan PRIMARY KEY (id), 
	CONSTRAINT fk_plan_night_id FOREIGN KEY(night_id) REFERENCES night (id) ON DELETE CASCADE
);
INSERT INTO "plan" VALUES(1,1,1704909600000000,'{"now":"2024-01-10T18:00:00Z","ready_by":"2024-01-10T22:00:00Z","slots":[{"start":"2024-01-10T18:00:00Z","end":"2024-01-10T19:00:00Z","price_micro_per_kwh":300000},{"start":"2024-01-10T19:00:00Z","end":"2024-01-10T20:00:00Z","price_micro_per_kwh":250000},{"start":"2024-01-10T20:00:00Z","end":"2024-01-10T21:00:00Z","price_micro_per_kwh":-1000},{"start":"2024-01-10T21:00:00Z","end":"2024-01-10T22:00:00Z","price_micro_per_kwh":90000}],"prices_known_until":"2024-01-10T21:00:00Z","soc_percent":40,"target_percent":60,"minimum_percent":20,"usable_wh":50000,"ac_power_w":11000,"efficiency_percent":90,"charging":true,"running":[["2024-01-10T18:00:00Z","2024-01-10T19:00:00Z"]]}','{"windows":[["2024-01-10T20:00:00Z","2024-01-10T21:00:37Z"]],"slots":[{"start":"2024-01-10T18:00:00Z","end":"2024-01-10T19:00:00Z","price_micro_per_kwh":300000,"wall_wh":0},{"start":"2024-01-10T19:00:00Z","end":"2024-01-10T20:00:00Z","price_micro_per_kwh":250000,"wall_wh":0},{"start":"2024-01-10T20:00:00Z","end":"2024-01-10T21:00:00Z","price_micro_per_kwh":-1000,"wall_wh":11000},{"start":"2024-01-10T21:00:00Z","end":"2024-01-10T22:00:00Z","price_micro_per_kwh":90000,"wall_wh":112}],"energy_wh":11112,"cost_nano":-920000,"starts":1,"reached_percent":60,"missing_wh":0,"ready_at":"2024-01-10T21:00:37Z","rests_on_guesses":true,"why":{"cost_at_once_nano":3328000000,"dearest_price_micro_per_kwh":90000,"next_price_micro_per_kwh":90000},"inputs_hash":"4e51e51e8d772da2f6f0fb5b2c00be6f92d1596086e7dbeeb25d51dbdc96cfdd","planner_version":"1"}');
INSERT INTO "plan" VALUES(2,2,1704909600000000,'{"now":"2024-01-10T18:00:00Z","ready_by":"2024-01-10T22:00:00Z","slots":[{"start":"2024-01-10T18:00:00Z","end":"2024-01-10T19:00:00Z","price_micro_per_kwh":300000},{"start":"2024-01-10T19:00:00Z","end":"2024-01-10T20:00:00Z","price_micro_per_kwh":250000},{"start":"2024-01-10T20:00:00Z","end":"2024-01-10T21:00:00Z","price_micro_per_kwh":-1000},{"start":"2024-01-10T21:00:00Z","end":"2024-01-10T22:00:00Z","price_micro_per_kwh":90000}],"prices_known_until":"2024-01-10T21:00:00Z","soc_percent":40,"target_percent":60,"minimum_percent":20,"usable_wh":50000,"ac_power_w":11000,"efficiency_percent":90,"charging":true,"running":[["2024-01-10T18:00:00Z","2024-01-10T19:00:00Z"]]}','{"windows":[["2024-01-10T20:00:00Z","2024-01-10T21:00:37Z"]],"slots":[{"start":"2024-01-10T18:00:00Z","end":"2024-01-10T19:00:00Z","price_micro_per_kwh":300000,"wall_wh":0},{"start":"2024-01-10T19:00:00Z","end":"2024-01-10T20:00:00Z","price_micro_per_kwh":250000,"wall_wh":0},{"start":"2024-01-10T20:00:00Z","end":"2024-01-10T21:00:00Z","price_micro_per_kwh":-1000,"wall_wh":11000},{"start":"2024-01-10T21:00:00Z","end":"2024-01-10T22:00:00Z","price_micro_per_kwh":90000,"wall_wh":112}],"energy_wh":11112,"cost_nano":-920000,"starts":1,"reached_percent":60,"missing_wh":0,"ready_at":"2024-01-10T21:00:37Z","rests_on_guesses":true,"why":{"cost_at_once_nano":3328000000,"dearest_price_micro_per_kwh":90000,"next_price_micro_per_kwh":90000},"inputs_hash":"4e51e51e8d772da2f6f0fb5b2c00be6f92d1596086e7dbeeb25d51dbdc96cfdd","planner_version":"1"}');
CREATE TABLE sign_in_link (
	token_hash VARCHAR(64) NOT NULL, 
	email VARCHAR(320) NOT NULL, 
	asked_at BIGINT NOT NULL, 
	expires_at BIGINT NOT NULL, 
	used_at BIGINT, asked_from VARCHAR(64), 
	CONSTRAINT pk_sign_in_link PRIMARY KEY (token_hash)
);
INSERT INTO "sign_in_link" VALUES('link of anna@example.org','anna@example.org',1704909600000000,1704910500000000,NULL,NULL);
INSERT INTO "sign_in_link" VALUES('link of bert@example.org','bert@example.org',1704909600000000,1704910500000000,NULL,NULL);
CREATE TABLE signing_session (
	vin VARCHAR(17) NOT NULL, 
	domain INTEGER NOT NULL, 
	session BLOB NOT NULL, 
	CONSTRAINT pk_signing_session PRIMARY KEY (vin, domain)
);
INSERT INTO "signing_session" VALUES('5YJ3E7EA1PF123450',3,X'73657373696F6E');
INSERT INTO "signing_session" VALUES('5YJ3E7EA1PF123451',3,X'73657373696F6E');
CREATE TABLE support_case (
	id INTEGER NOT NULL, 
	driver_id INTEGER NOT NULL, 
	code VARCHAR(20) NOT NULL, 
	made_at BIGINT NOT NULL, 
	sent_at BIGINT, 
	closed_at BIGINT, 
	contents_sealed BLOB NOT NULL, 
	named VARCHAR(20), 
	truly VARCHAR(20), 
	CONSTRAINT pk_support_case PRIMARY KEY (id), 
	CONSTRAINT fk_support_case_driver_id FOREIGN KEY(driver_id) REFERENCES driver (id) ON DELETE CASCADE, 
	CONSTRAINT uq_support_case_code UNIQUE (code)
);
INSERT INTO "support_case" VALUES(1,1,'KEY-4F21-0001',1704909600000000,1704909600000000,NULL,X'01018D663D498EDDEB5C2BACFD11383F9F6D52912F66EEE4A16851BBEDA0CDABBD11C34E6FEF9411866D0482E1A76788F2E162917C3E9FD2BB9434FC074A30AF367BE99BC4FDAA37FF50A5DEE757609382D866D5726B2C04C106',NULL,NULL);
INSERT INTO "support_case" VALUES(2,2,'KEY-4F21-0002',1704909600000000,1704909600000000,NULL,X'01012057DBA72F061E60F2D14A8F454EDC78CF77A4F4AA249B69A9114A0F466C9347F27AF01FA76B297413A35C6ECCF6E1121C13BA3E8243C2C45CF5B8AC416607DF2ED757F03A6180BDE6FA7808E815EB00EB0318CE17D8AD7A',NULL,NULL);
CREATE TABLE support_look (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	agent_id INTEGER, 
	what VARCHAR(20) NOT NULL, 
	at BIGINT NOT NULL, 
	CONSTRAINT pk_support_look PRIMARY KEY (id), 
	CONSTRAINT fk_support_look_case_id FOREIGN KEY(case_id) REFERENCES support_case (id) ON DELETE CASCADE, 
	CONSTRAINT fk_support_look_agent_id FOREIGN KEY(agent_id) REFERENCES driver (id) ON DELETE SET NULL
);
INSERT INTO "support_look" VALUES(1,1,1,'read',1704909600000000);
INSERT INTO "support_look" VALUES(2,2,2,'read',1704909600000000);
CREATE TABLE support_message (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	at BIGINT NOT NULL, 
	"by" VARCHAR(10) NOT NULL, 
	text_sealed BLOB NOT NULL, 
	mailed_at BIGINT, 
	CONSTRAINT pk_support_message PRIMARY KEY (id), 
	CONSTRAINT fk_support_message_case_id FOREIGN KEY(case_id) REFERENCES support_case (id) ON DELETE CASCADE
);
INSERT INTO "support_message" VALUES(1,1,1704909600000000,'driver',X'01012958316E7A471BDB055968D08898172CFCFA360A96084C3B048F047D915DBBE0',NULL);
INSERT INTO "support_message" VALUES(2,2,1704909600000000,'driver',X'01012391C1BBCC52CB99A485E6D930FA86A6D724E7CB96E544A73215D05E4F7B13DF',NULL);
CREATE TABLE tesla_call (
	id INTEGER NOT NULL, 
	at BIGINT NOT NULL, 
	grant_id INTEGER, 
	vehicle_id INTEGER, 
	what VARCHAR(40) NOT NULL, 
	status INTEGER, 
	fault VARCHAR(40), 
	request_id VARCHAR(120), 
	took_ms INTEGER NOT NULL, 
	region VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_tesla_call PRIMARY KEY (id), 
	CONSTRAINT fk_tesla_call_grant_id FOREIGN KEY(grant_id) REFERENCES tesla_grant (id) ON DELETE CASCADE, 
	CONSTRAINT fk_tesla_call_vehicle_id FOREIGN KEY(vehicle_id) REFERENCES vehicle (id) ON DELETE CASCADE
);
INSERT INTO "tesla_call" VALUES(1,1704909600000000,1,1,'vehicle',200,NULL,'x',80,'eu');
INSERT INTO "tesla_call" VALUES(2,1704909600000000,3,2,'vehicle',200,NULL,'x',80,'eu');
CREATE TABLE tesla_grant (
	id INTEGER NOT NULL, 
	driver_id INTEGER NOT NULL, 
	account VARCHAR(80) NOT NULL, 
	base_url VARCHAR(200) NOT NULL, 
	created_at BIGINT NOT NULL, 
	ended_at BIGINT, 
	CONSTRAINT pk_tesla_grant PRIMARY KEY (id), 
	CONSTRAINT fk_tesla_grant_driver_id FOREIGN KEY(driver_id) REFERENCES driver (id) ON DELETE CASCADE
);
INSERT INTO "tesla_grant" VALUES(1,1,'account of anna@example.org','https://eu.tesla.example',1704909600000000,NULL);
INSERT INTO "tesla_grant" VALUES(2,1,'other account of anna@example.org','https://eu.tesla.example',1704909600000000,NULL);
INSERT INTO "tesla_grant" VALUES(3,2,'account of bert@example.org','https://eu.tesla.example',1704909600000000,NULL);
INSERT INTO "tesla_grant" VALUES(4,2,'other account of bert@example.org','https://eu.tesla.example',1704909600000000,NULL);
CREATE TABLE tesla_outage (
	id INTEGER NOT NULL, 
	region VARCHAR(40) NOT NULL, 
	since BIGINT NOT NULL, 
	over_at BIGINT, 
	CONSTRAINT pk_tesla_outage PRIMARY KEY (id)
);
INSERT INTO "tesla_outage" VALUES(1,'eu',1704909600000000,NULL);
CREATE TABLE timer (
	work VARCHAR(40) NOT NULL, 
	"key" INTEGER NOT NULL, 
	due_at BIGINT NOT NULL, 
	version INTEGER NOT NULL, 
	attempts INTEGER NOT NULL, 
	lease VARCHAR(32), 
	lease_until_ms BIGINT, 
	parked_at BIGINT, 
	last_error VARCHAR(300) NOT NULL, 
	CONSTRAINT pk_timer PRIMARY KEY (work, "key")
);
INSERT INTO "timer" VALUES('look_for_key',1,1704909900000000,1,0,NULL,NULL,NULL,'');
INSERT INTO "timer" VALUES('prove_key',1,1704909900000000,1,0,NULL,NULL,NULL,'');
INSERT INTO "timer" VALUES('tend_vehicle',1,1704909900000000,1,0,NULL,NULL,NULL,'');
INSERT INTO "timer" VALUES('tell_of_owner',1,1704909900000000,1,0,NULL,NULL,NULL,'');
INSERT INTO "timer" VALUES('wait_out',1,1704909900000000,1,0,NULL,NULL,NULL,'');
INSERT INTO "timer" VALUES('stay_connected',1,1704909900000000,1,0,NULL,NULL,NULL,'');
INSERT INTO "timer" VALUES('send_notice',1,1704909900000000,1,0,NULL,NULL,NULL,'');
INSERT INTO "timer" VALUES('mail_answer',1,1704909900000000,1,0,NULL,NULL,NULL,'');
INSERT INTO "timer" VALUES('erase_support_case',1,1704909900000000,1,0,NULL,NULL,NULL,'');
INSERT INTO "timer" VALUES('let_account_go',1,1704909900000000,1,0,NULL,NULL,NULL,'');
INSERT INTO "timer" VALUES('look_for_key',2,1704909900000000,1,0,NULL,NULL,NULL,'');
INSERT INTO "timer" VALUES('prove_key',2,1704909900000000,1,0,NULL,NULL,NULL,'');
INSERT INTO "timer" VALUES('tend_vehicle',2,1704909900000000,1,0,NULL,NULL,NULL,'');
INSERT INTO "timer" VALUES('tell_of_owner',2,1704909900000000,1,0,NULL,NULL,NULL,'');
INSERT INTO "timer" VALUES('wait_out',2,1704909900000000,1,0,NULL,NULL,NULL,'');
INSERT INTO "timer" VALUES('stay_connected',3,1704909900000000,1,0,NULL,NULL,NULL,'');
INSERT INTO "timer" VALUES('send_notice',2,1704909900000000,1,0,NULL,NULL,NULL,'');
INSERT INTO "timer" VALUES('mail_answer',2,1704909900000000,1,0,NULL,NULL,NULL,'');
INSERT INTO "timer" VALUES('erase_support_case',2,1704909900000000,1,0,NULL,NULL,NULL,'');
INSERT INTO "timer" VALUES('let_account_go',3,1704909900000000,1,0,NULL,NULL,NULL,'');
CREATE TABLE token (
	grant_id INTEGER NOT NULL, 
	access_sealed BLOB NOT NULL, 
	refresh_sealed BLOB NOT NULL, 
	access_expires_at BIGINT NOT NULL, 
	renewing VARCHAR(32), 
	renewing_until_ms BIGINT, 
	CONSTRAINT pk_token PRIMARY KEY (grant_id), 
	CONSTRAINT fk_token_grant_id FOREIGN KEY(grant_id) REFERENCES tesla_grant (id) ON DELETE CASCADE
);
INSERT INTO "token" VALUES(1,X'0101CFF11C056CAC0E382F766ADC9AB4DB6C13359A1B74990C2BD7F2FDA8994045B12209316B',X'01010DC2ED52A43FE2ADC5E9DCDEEE54194A5CD518D980EE1F82A04D8D5E4D059E8E58A41648B1',1704938400000000,NULL,NULL);
INSERT INTO "token" VALUES(3,X'01014811BBB9C65ED19B5D5DEB43EE4C7EFA0AD7431B790FA44533F3A4D568429BB25898CD64',X'0101BC4FB3B2F7E0AAC3055AF7E02E9DFF3F87F8320B9F9D7BCB8BDE3D3B60F8CD7EDE284FF353',1704938400000000,NULL,NULL);
CREATE TABLE undecided_grant (
	grant_id INTEGER NOT NULL, 
	came_at BIGINT NOT NULL, 
	ends_at BIGINT NOT NULL, 
	looked_at BIGINT, 
	cars TEXT, 
	CONSTRAINT pk_undecided_grant PRIMARY KEY (grant_id), 
	CONSTRAINT fk_undecided_grant_grant_id FOREIGN KEY(grant_id) REFERENCES tesla_grant (id) ON DELETE CASCADE
);
INSERT INTO "undecided_grant" VALUES(2,1704909600000000,1704913200000000,NULL,NULL);
INSERT INTO "undecided_grant" VALUES(4,1704909600000000,1704913200000000,NULL,NULL);
CREATE TABLE vehicle (
	id INTEGER NOT NULL, 
	driver_id INTEGER NOT NULL, 
	grant_id INTEGER NOT NULL, 
	vin VARCHAR(17) NOT NULL, 
	CONSTRAINT pk_vehicle PRIMARY KEY (id), 
	CONSTRAINT fk_vehicle_driver_id FOREIGN KEY(driver_id) REFERENCES driver (id) ON DELETE CASCADE, 
	CONSTRAINT fk_vehicle_grant_id FOREIGN KEY(grant_id) REFERENCES tesla_grant (id) ON DELETE CASCADE, 
	CONSTRAINT uq_vehicle_driver_id_vin UNIQUE (driver_id, vin)
);
INSERT INTO "vehicle" VALUES(1,1,1,'5YJ3E7EA1PF123450');
INSERT INTO "vehicle" VALUES(2,2,3,'5YJ3E7EA1PF123451');
CREATE TABLE web_session (
	id INTEGER NOT NULL, 
	cookie_hash VARCHAR(64) NOT NULL, 
	driver_id INTEGER, 
	csrf VARCHAR(64) NOT NULL, 
	last_seen_at BIGINT NOT NULL, 
	expires_at BIGINT NOT NULL, 
	CONSTRAINT pk_web_session PRIMARY KEY (id), 
	CONSTRAINT fk_web_session_driver_id FOREIGN KEY(driver_id) REFERENCES driver (id) ON DELETE CASCADE, 
	CONSTRAINT uq_web_session_cookie_hash UNIQUE (cookie_hash)
);
INSERT INTO "web_session" VALUES(1,'cookie of anna@example.org',1,'csrf',1704909600000000,1704915000000000);
INSERT INTO "web_session" VALUES(2,'cookie of bert@example.org',2,'csrf',1704909600000000,1704915000000000);
CREATE INDEX ix_observation_subject ON observation (subject_kind, subject_id, kind, observed_at);
CREATE INDEX ix_sign_in_link_email ON sign_in_link (email);
CREATE INDEX ix_timer_due_at ON timer (due_at);
CREATE INDEX ix_tesla_grant_driver_id ON tesla_grant (driver_id);
CREATE INDEX ix_web_session_driver_id ON web_session (driver_id);
CREATE INDEX ix_consent_attempt_driver_id ON consent_attempt (driver_id);
CREATE INDEX ix_consent_attempt_web_session_id ON consent_attempt (web_session_id);
CREATE INDEX ix_vehicle_driver_id ON vehicle (driver_id);
CREATE INDEX ix_vehicle_grant_id ON vehicle (grant_id);
CREATE INDEX ix_billed_call_vehicle ON billed_call (vehicle_id, at);
CREATE INDEX ix_night_vehicle_id ON night (vehicle_id);
CREATE INDEX ix_command_night_id ON command (night_id);
CREATE INDEX ix_command_vehicle_id ON command (vehicle_id);
CREATE INDEX ix_plan_night_id ON "plan" (night_id);
CREATE INDEX ix_sign_in_link_asked_at ON sign_in_link (asked_at);
CREATE INDEX ix_hand_off_driver_id ON hand_off (driver_id);
CREATE INDEX ix_hand_off_car_vehicle_id ON hand_off_car (vehicle_id);
CREATE INDEX ix_tesla_call_at ON tesla_call (at);
CREATE INDEX ix_tesla_call_grant ON tesla_call (grant_id, at);
CREATE INDEX ix_tesla_call_vehicle_id ON tesla_call (vehicle_id);
CREATE INDEX ix_notice_driver_id ON notice (driver_id);
CREATE INDEX ix_support_case_driver_id ON support_case (driver_id);
CREATE INDEX ix_support_message_case_id ON support_message (case_id);
CREATE INDEX ix_support_look_case_id ON support_look (case_id);
CREATE INDEX ix_support_look_agent_id ON support_look (agent_id);
COMMIT;
