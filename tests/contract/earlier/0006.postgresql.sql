CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.billed_call (
    id bigint NOT NULL,
    vehicle_id bigint,
    category character varying(20) NOT NULL,
    at bigint NOT NULL
);
CREATE SEQUENCE public.billed_call_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.billed_call_id_seq OWNED BY public.billed_call.id;
CREATE TABLE public.cause_judged (
    id bigint NOT NULL,
    named character varying(20),
    truly character varying(20) NOT NULL,
    at bigint NOT NULL
);
CREATE SEQUENCE public.cause_judged_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.cause_judged_id_seq OWNED BY public.cause_judged.id;
CREATE TABLE public.charge_settings (
    vehicle_id bigint NOT NULL,
    settings text NOT NULL,
    saved_at bigint NOT NULL
);
CREATE TABLE public.command (
    id bigint NOT NULL,
    vehicle_id bigint NOT NULL,
    night_id bigint,
    "order" character varying(20) NOT NULL,
    current_a integer,
    delivery character varying(20) NOT NULL,
    wanted_at bigint NOT NULL,
    sent_at bigint,
    settled_at bigint,
    detail character varying(200) NOT NULL
);
CREATE SEQUENCE public.command_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.command_id_seq OWNED BY public.command.id;
CREATE TABLE public.consent_attempt (
    id bigint NOT NULL,
    state_hash character varying(64) NOT NULL,
    web_session_id bigint NOT NULL,
    driver_id bigint NOT NULL,
    nonce character varying(64) NOT NULL,
    started_at bigint NOT NULL,
    used_at bigint
);
CREATE SEQUENCE public.consent_attempt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.consent_attempt_id_seq OWNED BY public.consent_attempt.id;
CREATE TABLE public.driver (
    id bigint NOT NULL,
    email character varying(320) NOT NULL,
    locale character varying(35) NOT NULL,
    created_at bigint NOT NULL
);
CREATE SEQUENCE public.driver_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.driver_id_seq OWNED BY public.driver.id;
CREATE TABLE public.hand_off (
    id bigint NOT NULL,
    driver_id bigint NOT NULL,
    token_hash character varying(64) NOT NULL,
    asks_as character varying(80) NOT NULL,
    made_at bigint NOT NULL,
    ends_at bigint NOT NULL,
    opened_at bigint,
    agreed_at bigint,
    consented_at bigint,
    declined_at bigint,
    revoked_at bigint,
    done_at bigint,
    answered_in bigint,
    reason character varying(20),
    words character varying(300) NOT NULL
);
CREATE TABLE public.hand_off_car (
    hand_off_id bigint NOT NULL,
    vehicle_id bigint NOT NULL
);
CREATE SEQUENCE public.hand_off_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.hand_off_id_seq OWNED BY public.hand_off.id;
CREATE TABLE public.home (
    name character varying(40) NOT NULL,
    value text NOT NULL
);
CREATE TABLE public.home_place (
    vehicle_id bigint NOT NULL,
    place_sealed bytea NOT NULL,
    learnt_from character varying(20) NOT NULL,
    learnt_at bigint NOT NULL
);
CREATE TABLE public.key_watch (
    vehicle_id bigint NOT NULL,
    opened_at bigint NOT NULL,
    last_open_at bigint NOT NULL,
    returned_at bigint
);
CREATE TABLE public.night (
    id bigint NOT NULL,
    vehicle_id bigint NOT NULL,
    plugged_in_at bigint NOT NULL,
    unplugged_at bigint,
    wish character varying(20) NOT NULL,
    wished_at bigint NOT NULL,
    ready_by bigint
);
CREATE SEQUENCE public.night_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.night_id_seq OWNED BY public.night.id;
CREATE TABLE public.notice (
    id bigint NOT NULL,
    driver_id bigint NOT NULL,
    kind character varying(40) NOT NULL,
    event character varying(120) NOT NULL,
    filled_with text NOT NULL,
    made_at bigint NOT NULL,
    sent_at bigint,
    read_at bigint
);
CREATE SEQUENCE public.notice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.notice_id_seq OWNED BY public.notice.id;
CREATE TABLE public.observation (
    id bigint NOT NULL,
    subject_kind character varying(20) NOT NULL,
    subject_id bigint NOT NULL,
    kind character varying(40) NOT NULL,
    fact text NOT NULL,
    observed_at bigint NOT NULL,
    source character varying(20) NOT NULL,
    request_id character varying(120)
);
CREATE SEQUENCE public.observation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.observation_id_seq OWNED BY public.observation.id;
CREATE TABLE public.outbox (
    id bigint NOT NULL,
    "to" character varying(320) NOT NULL,
    subject character varying(200) NOT NULL,
    text text NOT NULL,
    sent_at bigint NOT NULL
);
CREATE SEQUENCE public.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.outbox_id_seq OWNED BY public.outbox.id;
CREATE TABLE public.plan (
    id bigint NOT NULL,
    night_id bigint NOT NULL,
    made_at bigint NOT NULL,
    problem text NOT NULL,
    plan text NOT NULL
);
CREATE SEQUENCE public.plan_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.plan_id_seq OWNED BY public.plan.id;
CREATE TABLE public.sign_in_link (
    token_hash character varying(64) NOT NULL,
    email character varying(320) NOT NULL,
    asked_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint,
    asked_from character varying(64)
);
CREATE TABLE public.signing_session (
    vin character varying(17) NOT NULL,
    domain integer NOT NULL,
    session bytea NOT NULL
);
CREATE TABLE public.support_case (
    id bigint NOT NULL,
    driver_id bigint NOT NULL,
    code character varying(20) NOT NULL,
    made_at bigint NOT NULL,
    sent_at bigint,
    closed_at bigint,
    contents_sealed bytea NOT NULL,
    named character varying(20),
    truly character varying(20)
);
CREATE SEQUENCE public.support_case_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.support_case_id_seq OWNED BY public.support_case.id;
CREATE TABLE public.support_look (
    id bigint NOT NULL,
    case_id bigint NOT NULL,
    agent_id bigint,
    what character varying(20) NOT NULL,
    at bigint NOT NULL
);
CREATE SEQUENCE public.support_look_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.support_look_id_seq OWNED BY public.support_look.id;
CREATE TABLE public.support_message (
    id bigint NOT NULL,
    case_id bigint NOT NULL,
    at bigint NOT NULL,
    by character varying(10) NOT NULL,
    text_sealed bytea NOT NULL,
    mailed_at bigint
);
CREATE SEQUENCE public.support_message_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.support_message_id_seq OWNED BY public.support_message.id;
CREATE TABLE public.tesla_call (
    id bigint NOT NULL,
    at bigint NOT NULL,
    grant_id bigint,
    vehicle_id bigint,
    what character varying(40) NOT NULL,
    status integer,
    fault character varying(40),
    request_id character varying(120),
    took_ms integer NOT NULL,
    region character varying(40) NOT NULL
);
CREATE SEQUENCE public.tesla_call_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.tesla_call_id_seq OWNED BY public.tesla_call.id;
CREATE TABLE public.tesla_grant (
    id bigint NOT NULL,
    driver_id bigint NOT NULL,
    account character varying(80) NOT NULL,
    base_url character varying(200) NOT NULL,
    created_at bigint NOT NULL,
    ended_at bigint
);
CREATE SEQUENCE public.tesla_grant_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.tesla_grant_id_seq OWNED BY public.tesla_grant.id;
CREATE TABLE public.tesla_outage (
    id bigint NOT NULL,
    region character varying(40) NOT NULL,
    since bigint NOT NULL,
    over_at bigint
);
CREATE SEQUENCE public.tesla_outage_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.tesla_outage_id_seq OWNED BY public.tesla_outage.id;
CREATE TABLE public.timer (
    work character varying(40) NOT NULL,
    key bigint NOT NULL,
    due_at bigint NOT NULL,
    version integer NOT NULL,
    attempts integer NOT NULL,
    lease character varying(32),
    lease_until_ms bigint,
    parked_at bigint,
    last_error character varying(300) NOT NULL
);
CREATE TABLE public.token (
    grant_id bigint NOT NULL,
    access_sealed bytea NOT NULL,
    refresh_sealed bytea NOT NULL,
    access_expires_at bigint NOT NULL,
    renewing character varying(32),
    renewing_until_ms bigint
);
CREATE TABLE public.vehicle (
    id bigint NOT NULL,
    driver_id bigint NOT NULL,
    grant_id bigint NOT NULL,
    vin character varying(17) NOT NULL
);
CREATE SEQUENCE public.vehicle_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.vehicle_id_seq OWNED BY public.vehicle.id;
CREATE TABLE public.web_session (
    id bigint NOT NULL,
    cookie_hash character varying(64) NOT NULL,
    driver_id bigint,
    csrf character varying(64) NOT NULL,
    last_seen_at bigint NOT NULL,
    expires_at bigint NOT NULL
);
CREATE SEQUENCE public.web_session_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.web_session_id_seq OWNED BY public.web_session.id;
ALTER TABLE ONLY public.billed_call ALTER COLUMN id SET DEFAULT nextval('public.billed_call_id_seq'::regclass);
ALTER TABLE ONLY public.cause_judged ALTER COLUMN id SET DEFAULT nextval('public.cause_judged_id_seq'::regclass);
ALTER TABLE ONLY public.command ALTER COLUMN id SET DEFAULT nextval('public.command_id_seq'::regclass);
ALTER TABLE ONLY public.consent_attempt ALTER COLUMN id SET DEFAULT nextval('public.consent_attempt_id_seq'::regclass);
ALTER TABLE ONLY public.driver ALTER COLUMN id SET DEFAULT nextval('public.driver_id_seq'::regclass);
ALTER TABLE ONLY public.hand_off ALTER COLUMN id SET DEFAULT nextval('public.hand_off_id_seq'::regclass);
ALTER TABLE ONLY public.night ALTER COLUMN id SET DEFAULT nextval('public.night_id_seq'::regclass);
ALTER TABLE ONLY public.notice ALTER COLUMN id SET DEFAULT nextval('public.notice_id_seq'::regclass);
ALTER TABLE ONLY public.observation ALTER COLUMN id SET DEFAULT nextval('public.observation_id_seq'::regclass);
ALTER TABLE ONLY public.outbox ALTER COLUMN id SET DEFAULT nextval('public.outbox_id_seq'::regclass);
ALTER TABLE ONLY public.plan ALTER COLUMN id SET DEFAULT nextval('public.plan_id_seq'::regclass);
ALTER TABLE ONLY public.support_case ALTER COLUMN id SET DEFAULT nextval('public.support_case_id_seq'::regclass);
ALTER TABLE ONLY public.support_look ALTER COLUMN id SET DEFAULT nextval('public.support_look_id_seq'::regclass);
ALTER TABLE ONLY public.support_message ALTER COLUMN id SET DEFAULT nextval('public.support_message_id_seq'::regclass);
ALTER TABLE ONLY public.tesla_call ALTER COLUMN id SET DEFAULT nextval('public.tesla_call_id_seq'::regclass);
ALTER TABLE ONLY public.tesla_grant ALTER COLUMN id SET DEFAULT nextval('public.tesla_grant_id_seq'::regclass);
ALTER TABLE ONLY public.tesla_outage ALTER COLUMN id SET DEFAULT nextval('public.tesla_outage_id_seq'::regclass);
ALTER TABLE ONLY public.vehicle ALTER COLUMN id SET DEFAULT nextval('public.vehicle_id_seq'::regclass);
ALTER TABLE ONLY public.web_session ALTER COLUMN id SET DEFAULT nextval('public.web_session_id_seq'::regclass);
INSERT INTO public.alembic_version VALUES ('0006');
INSERT INTO public.billed_call VALUES (1, 1, 'data', 1704909600000000);
INSERT INTO public.billed_call VALUES (2, 2, 'data', 1704909600000000);
INSERT INTO public.cause_judged VALUES (1, 'D1', 'D2', 1704909600000000);
INSERT INTO public.charge_settings VALUES (1, '{"goal":{"ready_by":{"0":"07:00:00","1":"07:30:00","2":null,"3":null,"4":null,"5":null,"6":null},"target_percent":80,"minimum_percent":20,"zone":"Europe/Amsterdam","skipped":["2024-01-12"]},"tariff":{"price_micro_per_kwh":1},"current_a":null}', 1704909600000000);
INSERT INTO public.charge_settings VALUES (2, '{"goal":{"ready_by":{"0":"07:00:00","1":"07:30:00","2":null,"3":null,"4":null,"5":null,"6":null},"target_percent":80,"minimum_percent":20,"zone":"Europe/Amsterdam","skipped":["2024-01-12"]},"tariff":{"price_micro_per_kwh":1},"current_a":null}', 1704909600000000);
INSERT INTO public.command VALUES (1, 1, 1, 'start', NULL, 'drafted', 1704909600000000, NULL, NULL, '');
INSERT INTO public.command VALUES (2, 2, 2, 'start', NULL, 'drafted', 1704909600000000, NULL, NULL, '');
INSERT INTO public.consent_attempt VALUES (1, 'state of anna@example.org', 1, 1, 'nonce', 1704909600000000, NULL);
INSERT INTO public.consent_attempt VALUES (2, 'state of bert@example.org', 2, 2, 'nonce', 1704909600000000, NULL);
INSERT INTO public.driver VALUES (1, 'anna@example.org', 'en', 1704909600000000);
INSERT INTO public.driver VALUES (2, 'bert@example.org', 'en', 1704909600000000);
INSERT INTO public.hand_off VALUES (1, 1, 'page of anna@example.org', 'Kim', 1704909600000000, 1704913200000000, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '');
INSERT INTO public.hand_off VALUES (2, 2, 'page of bert@example.org', 'Kim', 1704909600000000, 1704913200000000, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '');
INSERT INTO public.hand_off_car VALUES (1, 1);
INSERT INTO public.hand_off_car VALUES (2, 2);
INSERT INTO public.home VALUES ('demo', 'yes');
INSERT INTO public.home_place VALUES (1, '\x01011eb776b4ea784a01907d0ba31c890eaab2c6f854dd2c4ef2eba5dca499eb3de3b5d70111', 'driver', 1704909600000000);
INSERT INTO public.home_place VALUES (2, '\x0101f2d38b36dcf6e0a55f771b3b298e22b4b6fdeae3fb63398d0b7b5792fe37491f3e4bc2d1', 'driver', 1704909600000000);
INSERT INTO public.key_watch VALUES (1, 1704909600000000, 1704909600000000, NULL);
INSERT INTO public.key_watch VALUES (2, 1704909600000000, 1704909600000000, NULL);
INSERT INTO public.night VALUES (1, 1, 1704909600000000, NULL, 'plan', 1704909600000000, NULL);
INSERT INTO public.night VALUES (2, 2, 1704909600000000, NULL, 'plan', 1704909600000000, NULL);
INSERT INTO public.notice VALUES (1, 1, 'car_gone', 'sold', '{}', 1704909600000000, NULL, NULL);
INSERT INTO public.notice VALUES (2, 2, 'car_gone', 'sold', '{}', 1704909600000000, NULL, NULL);
INSERT INTO public.observation VALUES (1, 'driver', 1, 'chose_vehicle', '{"vehicle_id":1}', 1704909600000000, 'driver', NULL);
INSERT INTO public.observation VALUES (2, 'grant', 1, 'scopes_granted', '{"scopes":["offline_access","openid","vehicle_charging_cmds","vehicle_device_data"]}', 1704909600000000, 'token', NULL);
INSERT INTO public.observation VALUES (3, 'vehicle', 1, 'handshake', '{"proved":true}', 1704909600000000, 'car', NULL);
INSERT INTO public.observation VALUES (4, 'driver', 2, 'chose_vehicle', '{"vehicle_id":2}', 1704909600000000, 'driver', NULL);
INSERT INTO public.observation VALUES (5, 'grant', 2, 'scopes_granted', '{"scopes":["offline_access","openid","vehicle_charging_cmds","vehicle_device_data"]}', 1704909600000000, 'token', NULL);
INSERT INTO public.observation VALUES (6, 'vehicle', 2, 'handshake', '{"proved":true}', 1704909600000000, 'car', NULL);
INSERT INTO public.outbox VALUES (1, 'anna@example.org', 'Sign in', 'a link', 1704909600000000);
INSERT INTO public.outbox VALUES (2, 'bert@example.org', 'Sign in', 'a link', 1704909600000000);
INSERT INTO public.plan VALUES (1, 1, 1704909600000000, '{"now":"2024-01-10T18:00:00Z","ready_by":"2024-01-10T22:00:00Z","slots":[{"start":"2024-01-10T18:00:00Z","end":"2024-01-10T19:00:00Z","price_micro_per_kwh":300000},{"start":"2024-01-10T19:00:00Z","end":"2024-01-10T20:00:00Z","price_micro_per_kwh":250000},{"start":"2024-01-10T20:00:00Z","end":"2024-01-10T21:00:00Z","price_micro_per_kwh":-1000},{"start":"2024-01-10T21:00:00Z","end":"2024-01-10T22:00:00Z","price_micro_per_kwh":90000}],"prices_known_until":"2024-01-10T21:00:00Z","soc_percent":40,"target_percent":60,"minimum_percent":20,"usable_wh":50000,"ac_power_w":11000,"efficiency_percent":90,"charging":true,"running":[["2024-01-10T18:00:00Z","2024-01-10T19:00:00Z"]]}', '{"windows":[["2024-01-10T20:00:00Z","2024-01-10T21:00:37Z"]],"slots":[{"start":"2024-01-10T18:00:00Z","end":"2024-01-10T19:00:00Z","price_micro_per_kwh":300000,"wall_wh":0},{"start":"2024-01-10T19:00:00Z","end":"2024-01-10T20:00:00Z","price_micro_per_kwh":250000,"wall_wh":0},{"start":"2024-01-10T20:00:00Z","end":"2024-01-10T21:00:00Z","price_micro_per_kwh":-1000,"wall_wh":11000},{"start":"2024-01-10T21:00:00Z","end":"2024-01-10T22:00:00Z","price_micro_per_kwh":90000,"wall_wh":112}],"energy_wh":11112,"cost_nano":-920000,"starts":1,"reached_percent":60,"missing_wh":0,"ready_at":"2024-01-10T21:00:37Z","rests_on_guesses":true,"why":{"cost_at_once_nano":3328000000,"dearest_price_micro_per_kwh":90000,"next_price_micro_per_kwh":90000},"inputs_hash":"4e51e51e8d772da2f6f0fb5b2c00be6f92d1596086e7dbeeb25d51dbdc96cfdd","planner_version":"1"}');
INSERT INTO public.plan VALUES (2, 2, 1704909600000000, '{"now":"2024-01-10T18:00:00Z","ready_by":"2024-01-10T22:00:00Z","slots":[{"start":"2024-01-10T18:00:00Z","end":"2024-01-10T19:00:00Z","price_micro_per_kwh":300000},{"start":"2024-01-10T19:00:00Z","end":"2024-01-10T20:00:00Z","price_micro_per_kwh":250000},{"start":"2024-01-10T20:00:00Z","end":"2024-01-10T21:00:00Z","price_micro_per_kwh":-1000},{"start":"2024-01-10T21:00:00Z","end":"2024-01-10T22:00:00Z","price_micro_per_kwh":90000}],"prices_known_until":"2024-01-10T21:00:00Z","soc_percent":40,"target_percent":60,"minimum_percent":20,"usable_wh":50000,"ac_power_w":11000,"efficiency_percent":90,"charging":true,"running":[["2024-01-10T18:00:00Z","2024-01-10T19:00:00Z"]]}', '{"windows":[["2024-01-10T20:00:00Z","2024-01-10T21:00:37Z"]],"slots":[{"start":"2024-01-10T18:00:00Z","end":"2024-01-10T19:00:00Z","price_micro_per_kwh":300000,"wall_wh":0},{"start":"2024-01-10T19:00:00Z","end":"2024-01-10T20:00:00Z","price_micro_per_kwh":250000,"wall_wh":0},{"start":"2024-01-10T20:00:00Z","end":"2024-01-10T21:00:00Z","price_micro_per_kwh":-1000,"wall_wh":11000},{"start":"2024-01-10T21:00:00Z","end":"2024-01-10T22:00:00Z","price_micro_per_kwh":90000,"wall_wh":112}],"energy_wh":11112,"cost_nano":-920000,"starts":1,"reached_percent":60,"missing_wh":0,"ready_at":"2024-01-10T21:00:37Z","rests_on_guesses":true,"why":{"cost_at_once_nano":3328000000,"dearest_price_micro_per_kwh":90000,"next_price_micro_per_kwh":90000},"inputs_hash":"4e51e51e8d772da2f6f0fb5b2c00be6f92d1596086e7dbeeb25d51dbdc96cfdd","planner_version":"1"}');
INSERT INTO public.sign_in_link VALUES ('link of anna@example.org', 'anna@example.org', 1704909600000000, 1704910500000000, NULL, NULL);
INSERT INTO public.sign_in_link VALUES ('link of bert@example.org', 'bert@example.org', 1704909600000000, 1704910500000000, NULL, NULL);
INSERT INTO public.signing_session VALUES ('5YJ3E7EA1PF123450', 3, '\x73657373696f6e');
INSERT INTO public.signing_session VALUES ('5YJ3E7EA1PF123451', 3, '\x73657373696f6e');
INSERT INTO public.support_case VALUES (1, 1, 'KEY-4F21-0001', 1704909600000000, 1704909600000000, NULL, '\x01013f61c4b6fb3c7c66425e89e142e9729d0e71d2bff4856d25efebcc981f8fa16bd8ce567d5703910ed53fdba89ba5673de71e009c07b9020d8950119963f35fab1b3fefc485858abdba714b64f8ba3c8407fa7897dc6f197c', NULL, NULL);
INSERT INTO public.support_case VALUES (2, 2, 'KEY-4F21-0002', 1704909600000000, 1704909600000000, NULL, '\x01016d91bff6c636c88e0fa363413f24b240d0f73fdc111978210d21de75b8932c03b1b6f6ce206ba6965e46ed4edc30c57fb4eeb53881cd5102f9b334491162098314aa5a457cdbac6c14aff7d2aac756d5067cfb6991e21253', NULL, NULL);
INSERT INTO public.support_look VALUES (1, 1, 1, 'read', 1704909600000000);
INSERT INTO public.support_look VALUES (2, 2, 2, 'read', 1704909600000000);
INSERT INTO public.support_message VALUES (1, 1, 1704909600000000, 'driver', '\x01011a977c1b77958e5635a6e6b9243b22f02c66eb8e2a75dcdd1722134e9ef43fe2', NULL);
INSERT INTO public.support_message VALUES (2, 2, 1704909600000000, 'driver', '\x010176a770f09134db57b0d6bf26ab09d1ac17642430fece1064e398e8b960d45c2a', NULL);
INSERT INTO public.tesla_call VALUES (1, 1704909600000000, 1, 1, 'vehicle', 200, NULL, 'x', 80, 'eu');
INSERT INTO public.tesla_call VALUES (2, 1704909600000000, 2, 2, 'vehicle', 200, NULL, 'x', 80, 'eu');
INSERT INTO public.tesla_grant VALUES (1, 1, 'account of anna@example.org', 'https://eu.tesla.example', 1704909600000000, NULL);
INSERT INTO public.tesla_grant VALUES (2, 2, 'account of bert@example.org', 'https://eu.tesla.example', 1704909600000000, NULL);
INSERT INTO public.tesla_outage VALUES (1, 'eu', 1704909600000000, NULL);
INSERT INTO public.timer VALUES ('look_for_key', 1, 1704909900000000, 1, 0, NULL, NULL, NULL, '');
INSERT INTO public.timer VALUES ('prove_key', 1, 1704909900000000, 1, 0, NULL, NULL, NULL, '');
INSERT INTO public.timer VALUES ('tend_vehicle', 1, 1704909900000000, 1, 0, NULL, NULL, NULL, '');
INSERT INTO public.timer VALUES ('tell_of_owner', 1, 1704909900000000, 1, 0, NULL, NULL, NULL, '');
INSERT INTO public.timer VALUES ('wait_out', 1, 1704909900000000, 1, 0, NULL, NULL, NULL, '');
INSERT INTO public.timer VALUES ('stay_connected', 1, 1704909900000000, 1, 0, NULL, NULL, NULL, '');
INSERT INTO public.timer VALUES ('send_notice', 1, 1704909900000000, 1, 0, NULL, NULL, NULL, '');
INSERT INTO public.timer VALUES ('mail_answer', 1, 1704909900000000, 1, 0, NULL, NULL, NULL, '');
INSERT INTO public.timer VALUES ('erase_support_case', 1, 1704909900000000, 1, 0, NULL, NULL, NULL, '');
INSERT INTO public.timer VALUES ('look_for_key', 2, 1704909900000000, 1, 0, NULL, NULL, NULL, '');
INSERT INTO public.timer VALUES ('prove_key', 2, 1704909900000000, 1, 0, NULL, NULL, NULL, '');
INSERT INTO public.timer VALUES ('tend_vehicle', 2, 1704909900000000, 1, 0, NULL, NULL, NULL, '');
INSERT INTO public.timer VALUES ('tell_of_owner', 2, 1704909900000000, 1, 0, NULL, NULL, NULL, '');
INSERT INTO public.timer VALUES ('wait_out', 2, 1704909900000000, 1, 0, NULL, NULL, NULL, '');
INSERT INTO public.timer VALUES ('stay_connected', 2, 1704909900000000, 1, 0, NULL, NULL, NULL, '');
INSERT INTO public.timer VALUES ('send_notice', 2, 1704909900000000, 1, 0, NULL, NULL, NULL, '');
INSERT INTO public.timer VALUES ('mail_answer', 2, 1704909900000000, 1, 0, NULL, NULL, NULL, '');
INSERT INTO public.timer VALUES ('erase_support_case', 2, 1704909900000000, 1, 0, NULL, NULL, NULL, '');
INSERT INTO public.token VALUES (1, '\x010160dc06522b5f84948dc52786ceae3e4032cb34cb4ed7400ae730f1c9e297ca59bdccf067', '\x0101588daa1c03f051d7c56a2cb683fd55a9b1412945380f09fb488b2d504cdc585f0eef3f0c0e', 1704938400000000, NULL, NULL);
INSERT INTO public.token VALUES (2, '\x0101767bdf68ca36f13c0be96a054c6943f6277dbb41ebef03c97bef07267c8a89b1c28b1e63', '\x010138fb9a109ff104a5d1d6a930dc6b64df3a66f095a92ac8b2b7b5346145f9176f2d13fb53af', 1704938400000000, NULL, NULL);
INSERT INTO public.vehicle VALUES (1, 1, 1, '5YJ3E7EA1PF123450');
INSERT INTO public.vehicle VALUES (2, 2, 2, '5YJ3E7EA1PF123451');
INSERT INTO public.web_session VALUES (1, 'cookie of anna@example.org', 1, 'csrf', 1704909600000000, 1704915000000000);
INSERT INTO public.web_session VALUES (2, 'cookie of bert@example.org', 2, 'csrf', 1704909600000000, 1704915000000000);
SELECT pg_catalog.setval('public.billed_call_id_seq', 2, true);
SELECT pg_catalog.setval('public.cause_judged_id_seq', 1, true);
SELECT pg_catalog.setval('public.command_id_seq', 2, true);
SELECT pg_catalog.setval('public.consent_attempt_id_seq', 2, true);
SELECT pg_catalog.setval('public.driver_id_seq', 2, true);
SELECT pg_catalog.setval('public.hand_off_id_seq', 2, true);
SELECT pg_catalog.setval('public.night_id_seq', 2, true);
SELECT pg_catalog.setval('public.notice_id_seq', 2, true);
SELECT pg_catalog.setval('public.observation_id_seq', 6, true);
SELECT pg_catalog.setval('public.outbox_id_seq', 2, true);
SELECT pg_catalog.setval('public.plan_id_seq', 2, true);
SELECT pg_catalog.setval('public.support_case_id_seq', 2, true);
SELECT pg_catalog.setval('public.support_look_id_seq', 2, true);
SELECT pg_catalog.setval('public.support_message_id_seq', 2, true);
SELECT pg_catalog.setval('public.tesla_call_id_seq', 2, true);
SELECT pg_catalog.setval('public.tesla_grant_id_seq', 2, true);
SELECT pg_catalog.setval('public.tesla_outage_id_seq', 1, true);
SELECT pg_catalog.setval('public.vehicle_id_seq', 2, true);
SELECT pg_catalog.setval('public.web_session_id_seq', 2, true);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.billed_call
    ADD CONSTRAINT pk_billed_call PRIMARY KEY (id);
ALTER TABLE ONLY public.cause_judged
    ADD CONSTRAINT pk_cause_judged PRIMARY KEY (id);
ALTER TABLE ONLY public.charge_settings
    ADD CONSTRAINT pk_charge_settings PRIMARY KEY (vehicle_id);
ALTER TABLE ONLY public.command
    ADD CONSTRAINT pk_command PRIMARY KEY (id);
ALTER TABLE ONLY public.consent_attempt
    ADD CONSTRAINT pk_consent_attempt PRIMARY KEY (id);
ALTER TABLE ONLY public.driver
    ADD CONSTRAINT pk_driver PRIMARY KEY (id);
ALTER TABLE ONLY public.hand_off
    ADD CONSTRAINT pk_hand_off PRIMARY KEY (id);
ALTER TABLE ONLY public.hand_off_car
    ADD CONSTRAINT pk_hand_off_car PRIMARY KEY (hand_off_id, vehicle_id);
ALTER TABLE ONLY public.home
    ADD CONSTRAINT pk_home PRIMARY KEY (name);
ALTER TABLE ONLY public.home_place
    ADD CONSTRAINT pk_home_place PRIMARY KEY (vehicle_id);
ALTER TABLE ONLY public.key_watch
    ADD CONSTRAINT pk_key_watch PRIMARY KEY (vehicle_id);
ALTER TABLE ONLY public.night
    ADD CONSTRAINT pk_night PRIMARY KEY (id);
ALTER TABLE ONLY public.notice
    ADD CONSTRAINT pk_notice PRIMARY KEY (id);
ALTER TABLE ONLY public.observation
    ADD CONSTRAINT pk_observation PRIMARY KEY (id);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT pk_outbox PRIMARY KEY (id);
ALTER TABLE ONLY public.plan
    ADD CONSTRAINT pk_plan PRIMARY KEY (id);
ALTER TABLE ONLY public.sign_in_link
    ADD CONSTRAINT pk_sign_in_link PRIMARY KEY (token_hash);
ALTER TABLE ONLY public.signing_session
    ADD CONSTRAINT pk_signing_session PRIMARY KEY (vin, domain);
ALTER TABLE ONLY public.support_case
    ADD CONSTRAINT pk_support_case PRIMARY KEY (id);
ALTER TABLE ONLY public.support_look
    ADD CONSTRAINT pk_support_look PRIMARY KEY (id);
ALTER TABLE ONLY public.support_message
    ADD CONSTRAINT pk_support_message PRIMARY KEY (id);
ALTER TABLE ONLY public.tesla_call
    ADD CONSTRAINT pk_tesla_call PRIMARY KEY (id);
ALTER TABLE ONLY public.tesla_grant
    ADD CONSTRAINT pk_tesla_grant PRIMARY KEY (id);
ALTER TABLE ONLY public.tesla_outage
    ADD CONSTRAINT pk_tesla_outage PRIMARY KEY (id);
ALTER TABLE ONLY public.timer
    ADD CONSTRAINT pk_timer PRIMARY KEY (work, key);
ALTER TABLE ONLY public.token
    ADD CONSTRAINT pk_token PRIMARY KEY (grant_id);
ALTER TABLE ONLY public.vehicle
    ADD CONSTRAINT pk_vehicle PRIMARY KEY (id);
ALTER TABLE ONLY public.web_session
    ADD CONSTRAINT pk_web_session PRIMARY KEY (id);
ALTER TABLE ONLY public.consent_attempt
    ADD CONSTRAINT uq_consent_attempt_state_hash UNIQUE (state_hash);
ALTER TABLE ONLY public.driver
    ADD CONSTRAINT uq_driver_email UNIQUE (email);
ALTER TABLE ONLY public.hand_off
    ADD CONSTRAINT uq_hand_off_token_hash UNIQUE (token_hash);
ALTER TABLE ONLY public.notice
    ADD CONSTRAINT uq_notice_driver_id_event UNIQUE (driver_id, event);
ALTER TABLE ONLY public.support_case
    ADD CONSTRAINT uq_support_case_code UNIQUE (code);
ALTER TABLE ONLY public.vehicle
    ADD CONSTRAINT uq_vehicle_driver_id_vin UNIQUE (driver_id, vin);
ALTER TABLE ONLY public.web_session
    ADD CONSTRAINT uq_web_session_cookie_hash UNIQUE (cookie_hash);
CREATE INDEX ix_billed_call_vehicle ON public.billed_call USING btree (vehicle_id, at);
CREATE INDEX ix_command_night_id ON public.command USING btree (night_id);
CREATE INDEX ix_command_vehicle_id ON public.command USING btree (vehicle_id);
CREATE INDEX ix_consent_attempt_driver_id ON public.consent_attempt USING btree (driver_id);
CREATE INDEX ix_consent_attempt_web_session_id ON public.consent_attempt USING btree (web_session_id);
CREATE INDEX ix_hand_off_car_vehicle_id ON public.hand_off_car USING btree (vehicle_id);
CREATE INDEX ix_hand_off_driver_id ON public.hand_off USING btree (driver_id);
CREATE INDEX ix_night_vehicle_id ON public.night USING btree (vehicle_id);
CREATE INDEX ix_notice_driver_id ON public.notice USING btree (driver_id);
CREATE INDEX ix_observation_subject ON public.observation USING btree (subject_kind, subject_id, kind, observed_at);
CREATE INDEX ix_plan_night_id ON public.plan USING btree (night_id);
CREATE INDEX ix_sign_in_link_asked_at ON public.sign_in_link USING btree (asked_at);
CREATE INDEX ix_sign_in_link_email ON public.sign_in_link USING btree (email);
CREATE INDEX ix_support_case_driver_id ON public.support_case USING btree (driver_id);
CREATE INDEX ix_support_look_agent_id ON public.support_look USING btree (agent_id);
CREATE INDEX ix_support_look_case_id ON public.support_look USING btree (case_id);
CREATE INDEX ix_support_message_case_id ON public.support_message USING btree (case_id);
CREATE INDEX ix_tesla_call_at ON public.tesla_call USING btree (at);
CREATE INDEX ix_tesla_call_grant ON public.tesla_call USING btree (grant_id, at);
CREATE INDEX ix_tesla_call_vehicle_id ON public.tesla_call USING btree (vehicle_id);
CREATE INDEX ix_tesla_grant_driver_id ON public.tesla_grant USING btree (driver_id);
CREATE INDEX ix_timer_due_at ON public.timer USING btree (due_at);
CREATE INDEX ix_vehicle_driver_id ON public.vehicle USING btree (driver_id);
CREATE INDEX ix_vehicle_grant_id ON public.vehicle USING btree (grant_id);
CREATE INDEX ix_web_session_driver_id ON public.web_session USING btree (driver_id);
ALTER TABLE ONLY public.billed_call
    ADD CONSTRAINT fk_billed_call_vehicle_id FOREIGN KEY (vehicle_id) REFERENCES public.vehicle(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.charge_settings
    ADD CONSTRAINT fk_charge_settings_vehicle_id FOREIGN KEY (vehicle_id) REFERENCES public.vehicle(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.command
    ADD CONSTRAINT fk_command_night_id FOREIGN KEY (night_id) REFERENCES public.night(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.command
    ADD CONSTRAINT fk_command_vehicle_id FOREIGN KEY (vehicle_id) REFERENCES public.vehicle(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.consent_attempt
    ADD CONSTRAINT fk_consent_attempt_driver_id FOREIGN KEY (driver_id) REFERENCES public.driver(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.consent_attempt
    ADD CONSTRAINT fk_consent_attempt_web_session_id FOREIGN KEY (web_session_id) REFERENCES public.web_session(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.hand_off
    ADD CONSTRAINT fk_hand_off_answered_in FOREIGN KEY (answered_in) REFERENCES public.web_session(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.hand_off_car
    ADD CONSTRAINT fk_hand_off_car_hand_off_id FOREIGN KEY (hand_off_id) REFERENCES public.hand_off(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.hand_off_car
    ADD CONSTRAINT fk_hand_off_car_vehicle_id FOREIGN KEY (vehicle_id) REFERENCES public.vehicle(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.hand_off
    ADD CONSTRAINT fk_hand_off_driver_id FOREIGN KEY (driver_id) REFERENCES public.driver(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.home_place
    ADD CONSTRAINT fk_home_place_vehicle_id FOREIGN KEY (vehicle_id) REFERENCES public.vehicle(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.key_watch
    ADD CONSTRAINT fk_key_watch_vehicle_id FOREIGN KEY (vehicle_id) REFERENCES public.vehicle(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.night
    ADD CONSTRAINT fk_night_vehicle_id FOREIGN KEY (vehicle_id) REFERENCES public.vehicle(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.notice
    ADD CONSTRAINT fk_notice_driver_id FOREIGN KEY (driver_id) REFERENCES public.driver(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.plan
    ADD CONSTRAINT fk_plan_night_id FOREIGN KEY (night_id) REFERENCES public.night(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.support_case
    ADD CONSTRAINT fk_support_case_driver_id FOREIGN KEY (driver_id) REFERENCES public.driver(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.support_look
    ADD CONSTRAINT fk_support_look_agent_id FOREIGN KEY (agent_id) REFERENCES public.driver(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.support_look
    ADD CONSTRAINT fk_support_look_case_id FOREIGN KEY (case_id) REFERENCES public.support_case(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.support_message
    ADD CONSTRAINT fk_support_message_case_id FOREIGN KEY (case_id) REFERENCES public.support_case(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.tesla_call
    ADD CONSTRAINT fk_tesla_call_grant_id FOREIGN KEY (grant_id) REFERENCES public.tesla_grant(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.tesla_call
    ADD CONSTRAINT fk_tesla_call_vehicle_id FOREIGN KEY (vehicle_id) REFERENCES public.vehicle(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.tesla_grant
    ADD CONSTRAINT fk_tesla_grant_driver_id FOREIGN KEY (driver_id) REFERENCES public.driver(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.token
    ADD CONSTRAINT fk_token_grant_id FOREIGN KEY (grant_id) REFERENCES public.tesla_grant(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.vehicle
    ADD CONSTRAINT fk_vehicle_driver_id FOREIGN KEY (driver_id) REFERENCES public.driver(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.vehicle
    ADD CONSTRAINT fk_vehicle_grant_id FOREIGN KEY (grant_id) REFERENCES public.tesla_grant(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.web_session
    ADD CONSTRAINT fk_web_session_driver_id FOREIGN KEY (driver_id) REFERENCES public.driver(id) ON DELETE CASCADE;
