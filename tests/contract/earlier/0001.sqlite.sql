BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
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
CREATE TABLE home (
	name VARCHAR(40) NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_home PRIMARY KEY (name)
);
INSERT INTO "home" VALUES('demo','yes');
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
INSERT INTO "observation" VALUES(2,'grant',1,'scopes_granted','{"scopes":["offline_access","vehicle_device_data","openid","vehicle_charging_cmds"]}',1704909600000000,'token',NULL);
INSERT INTO "observation" VALUES(3,'vehicle',1,'handshake','{"proved":true}',1704909600000000,'car',NULL);
INSERT INTO "observation" VALUES(4,'driver',2,'chose_vehicle','{"vehicle_id":2}',1704909600000000,'driver',NULL);
INSERT INTO "observation" VALUES(5,'grant',2,'scopes_granted','{"scopes":["offline_access","vehicle_device_data","openid","vehicle_charging_cmds"]}',1704909600000000,'token',NULL);
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
	used_at BIGINT, 
	CONSTRAINT pk_sign_in_link PRIMARY KEY (token_hash)
);
INSERT INTO "sign_in_link" VALUES('link of anna@example.org','anna@example.org',1704909600000000,1704910500000000,NULL);
INSERT INTO "sign_in_link" VALUES('link of bert@example.org','bert@example.org',1704909600000000,1704910500000000,NULL);
CREATE TABLE signing_session (
	vin VARCHAR(17) NOT NULL, 
	domain INTEGER NOT NULL, 
	session BLOB NOT NULL, 
	CONSTRAINT pk_signing_session PRIMARY KEY (vin, domain)
);
INSERT INTO "signing_session" VALUES('5YJ3E7EA1PF123450',3,X'73657373696F6E');
INSERT INTO "signing_session" VALUES('5YJ3E7EA1PF123451',3,X'73657373696F6E');
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
INSERT INTO "tesla_grant" VALUES(2,2,'account of bert@example.org','https://eu.tesla.example',1704909600000000,NULL);
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
INSERT INTO "timer" VALUES('look_for_key',2,1704909900000000,1,0,NULL,NULL,NULL,'');
INSERT INTO "timer" VALUES('prove_key',2,1704909900000000,1,0,NULL,NULL,NULL,'');
INSERT INTO "timer" VALUES('tend_vehicle',2,1704909900000000,1,0,NULL,NULL,NULL,'');
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
INSERT INTO "token" VALUES(1,X'0101502A0ED3F589E55D5C21A7C992D74AAE98734D63D33D5F94CBB1DD381CA85E86B6D52081',X'0101B2BC3909CE547B7BA7DA7442F4C249E0616D8E53B6348325C7DC98FBB949FB45C130644D36',1704938400000000,NULL,NULL);
INSERT INTO "token" VALUES(2,X'0101AFD636141DB5851BE13275BD8080E709D54189B7DB2DD0FE5D42D62F9ACFBAC5F782B519',X'0101AD89A5E441495DB17C5EA44B8C75555A8DFECC85F06382E22185D1F7F24677EE9CEDD72CC6',1704938400000000,NULL,NULL);
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
INSERT INTO "vehicle" VALUES(2,2,2,'5YJ3E7EA1PF123451');
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
COMMIT;
