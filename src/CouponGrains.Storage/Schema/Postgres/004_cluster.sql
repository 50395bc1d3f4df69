-- The members of the cluster and the reminders, by the contracts of Orleans' ADO.NET providers, which read their
-- statements from OrleansQuery. A change of the members is made only to the version of the table that its writer has
-- read; it and the new version are one transaction.

CREATE TABLE clusters (
  id      text COLLATE "C" PRIMARY KEY,
  version integer NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

CREATE TABLE silos (
  cluster_id    text COLLATE "C" NOT NULL REFERENCES clusters (id),
  address       text COLLATE "C" NOT NULL,
  port          integer NOT NULL,
  generation    integer NOT NULL,
  name          text COLLATE "C" NOT NULL,
  host          text COLLATE "C" NOT NULL,
  status        integer NOT NULL,
  gateway_port  integer NOT NULL,
  suspect_times text COLLATE "C",
  started_at    timestamptz NOT NULL,
  alive_at      timestamptz NOT NULL,
  PRIMARY KEY (cluster_id, address, port, generation)
) WITH (fillfactor = 50);

CREATE FUNCTION silo_insert(
  cluster text, expected integer, silo_address text, silo_port integer, silo_generation integer, silo_name text,
  silo_host text, silo_status integer, silo_gateway integer, started timestamptz, alive timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM clusters WHERE id = cluster AND version = expected FOR UPDATE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO silos (cluster_id, address, port, generation, name, host, status, gateway_port, started_at, alive_at)
  VALUES (cluster, silo_address, silo_port, silo_generation, silo_name, silo_host, silo_status, silo_gateway, started, alive)
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE clusters SET version = version + 1 WHERE id = cluster;
  RETURN true;
END $$;

CREATE FUNCTION silo_update(
  cluster text, expected integer, silo_address text, silo_port integer, silo_generation integer, silo_status integer,
  suspects text, alive timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM clusters WHERE id = cluster AND version = expected FOR UPDATE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE silos SET status = silo_status, suspect_times = suspects, alive_at = alive
  WHERE cluster_id = cluster AND address = silo_address AND port = silo_port AND generation = silo_generation;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE clusters SET version = version + 1 WHERE id = cluster;
  RETURN true;
END $$;

CREATE TABLE reminders (
  service_id text COLLATE "C" NOT NULL,
  grain_id   text COLLATE "C" NOT NULL,
  name       text COLLATE "C" NOT NULL,
  grain_hash integer NOT NULL,
  start_at   timestamptz NOT NULL,
  period     bigint NOT NULL,
  version    integer NOT NULL,
  PRIMARY KEY (service_id, grain_id, name)
);

CREATE INDEX reminders_by_hash ON reminders (service_id, grain_hash);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('InsertMembershipVersionKey', '
  WITH added AS (INSERT INTO clusters (id) VALUES (@DeploymentId) ON CONFLICT DO NOTHING RETURNING id)
  SELECT EXISTS (SELECT 1 FROM added)
'),
('InsertMembershipKey', '
  SELECT silo_insert(@DeploymentId, @Version, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort,
    @StartTime, @IAmAliveTime)
'),
('UpdateMembershipKey', '
  SELECT silo_update(@DeploymentId, @Version, @Address, @Port, @Generation, @Status, @SuspectTimes::text, @IAmAliveTime)
'),
('UpdateIAmAlivetimeKey', '
  UPDATE silos SET alive_at = @IAmAliveTime
  WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
'),
('MembershipReadRowKey', '
  SELECT c.version AS Version, s.address AS Address, s.port AS Port, s.generation AS Generation, s.name AS SiloName,
    s.host AS HostName, s.status AS Status, s.gateway_port AS ProxyPort, s.suspect_times AS SuspectTimes,
    s.started_at AS StartTime, s.alive_at AS IAmAliveTime
  FROM clusters c LEFT JOIN silos s
    ON s.cluster_id = c.id AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
  WHERE c.id = @DeploymentId
'),
('MembershipReadAllKey', '
  SELECT c.version AS Version, s.address AS Address, s.port AS Port, s.generation AS Generation, s.name AS SiloName,
    s.host AS HostName, s.status AS Status, s.gateway_port AS ProxyPort, s.suspect_times AS SuspectTimes,
    s.started_at AS StartTime, s.alive_at AS IAmAliveTime
  FROM clusters c LEFT JOIN silos s ON s.cluster_id = c.id
  WHERE c.id = @DeploymentId
'),
('GatewaysQueryKey', '
  SELECT address AS Address, gateway_port AS ProxyPort, generation AS Generation FROM silos
  WHERE cluster_id = @DeploymentId AND status = @Status AND gateway_port > 0
'),
('DeleteMembershipTableEntriesKey', '
  WITH gone AS (DELETE FROM silos WHERE cluster_id = @DeploymentId)
  UPDATE clusters SET version = version + 1 WHERE id = @DeploymentId
'),
('CleanupDefunctSiloEntriesKey', '
  DELETE FROM silos WHERE cluster_id = @DeploymentId AND alive_at < @IAmAliveTime AND status = 6
'),
('ReadReminderRowsKey', '
  SELECT grain_id AS GrainId, name AS ReminderName, start_at AS StartTime, period AS Period, version AS Version
  FROM reminders WHERE service_id = @ServiceId AND grain_id = @GrainId
'),
('ReadReminderRowKey', '
  SELECT grain_id AS GrainId, name AS ReminderName, start_at AS StartTime, period AS Period, version AS Version
  FROM reminders WHERE service_id = @ServiceId AND grain_id = @GrainId AND name = @ReminderName
'),
('ReadRangeRows1Key', '
  SELECT grain_id AS GrainId, name AS ReminderName, start_at AS StartTime, period AS Period, version AS Version
  FROM reminders WHERE service_id = @ServiceId AND grain_hash > @BeginHash AND grain_hash <= @EndHash
'),
('ReadRangeRows2Key', '
  SELECT grain_id AS GrainId, name AS ReminderName, start_at AS StartTime, period AS Period, version AS Version
  FROM reminders WHERE service_id = @ServiceId AND (grain_hash > @BeginHash OR grain_hash <= @EndHash)
'),
('UpsertReminderRowKey', '
  INSERT INTO reminders AS r (service_id, grain_id, name, grain_hash, start_at, period, version)
  VALUES (@ServiceId, @GrainId, @ReminderName, @GrainHash, @StartTime, @Period, 0)
  ON CONFLICT (service_id, grain_id, name) DO UPDATE
  SET grain_hash = excluded.grain_hash, start_at = excluded.start_at, period = excluded.period, version = r.version + 1
  RETURNING version AS Version
'),
('DeleteReminderRowKey', '
  WITH gone AS (
    DELETE FROM reminders
    WHERE service_id = @ServiceId AND grain_id = @GrainId AND name = @ReminderName AND version = @Version
    RETURNING 1
  )
  SELECT EXISTS (SELECT 1 FROM gone)
'),
('DeleteReminderRowsKey', '
  DELETE FROM reminders WHERE service_id = @ServiceId
');
