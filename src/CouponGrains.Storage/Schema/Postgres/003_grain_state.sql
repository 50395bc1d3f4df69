-- Grain state, by the contract of Orleans' ADO.NET provider: it reads its statements from OrleansQuery, gives the
-- parameters @GrainIdHash @GrainIdN0 @GrainIdN1 @GrainTypeHash @GrainTypeString @GrainIdExtensionString @ServiceId,
-- for a change also @GrainStateVersion (null for a first write) and @PayloadBinary, and takes a row with a null
-- NewGrainStateVersion as a conflict. No row at all it would take as success, so every change answers exactly one.

CREATE TABLE OrleansQuery (
  QueryKey  text COLLATE "C" PRIMARY KEY,
  QueryText text NOT NULL
);

-- A missing key extension is stored as '', so that the primary key holds for it too: of two first writes one wins, and
-- the other is told of a conflict.
CREATE TABLE grain_states (
  id_hash    integer NOT NULL,
  type_hash  integer NOT NULL,
  id_n0      bigint NOT NULL,
  id_n1      bigint NOT NULL,
  type       text COLLATE "C" NOT NULL,
  id_text    text COLLATE "C" NOT NULL,
  service_id text COLLATE "C" NOT NULL,
  version    integer NOT NULL,
  payload    bytea,
  PRIMARY KEY (id_hash, type_hash, id_n0, id_n1, type, id_text, service_id)
) WITH (fillfactor = 80);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('ReadFromStorageKey', '
  SELECT payload AS PayloadBinary, version AS Version FROM grain_states
  WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
    AND type = @GrainTypeString AND id_text = coalesce(@GrainIdExtensionString::text, '''') AND service_id = @ServiceId
'),
('WriteToStorageKey', '
  WITH first_write AS (
    INSERT INTO grain_states (id_hash, type_hash, id_n0, id_n1, type, id_text, service_id, version, payload)
    SELECT @GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, @GrainTypeString,
      coalesce(@GrainIdExtensionString::text, ''''), @ServiceId, 1, @PayloadBinary
    WHERE @GrainStateVersion::integer IS NULL
    ON CONFLICT DO NOTHING
    RETURNING version
  ), later_write AS (
    UPDATE grain_states SET payload = @PayloadBinary, version = version + 1
    WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
      AND type = @GrainTypeString AND id_text = coalesce(@GrainIdExtensionString::text, '''') AND service_id = @ServiceId
      AND version = @GrainStateVersion::integer
    RETURNING version
  )
  SELECT (SELECT version FROM first_write UNION ALL SELECT version FROM later_write) AS NewGrainStateVersion
'),
('ClearStorageKey', '
  WITH cleared AS (
    UPDATE grain_states SET payload = NULL, version = version + 1
    WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
      AND type = @GrainTypeString AND id_text = coalesce(@GrainIdExtensionString::text, '''') AND service_id = @ServiceId
      AND version = @GrainStateVersion::integer
    RETURNING version
  )
  SELECT (SELECT version FROM cleared) AS NewGrainStateVersion
'),
('DeleteStorageKey', '
  WITH deleted AS (
    DELETE FROM grain_states
    WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
      AND type = @GrainTypeString AND id_text = coalesce(@GrainIdExtensionString::text, '''') AND service_id = @ServiceId
      AND version = @GrainStateVersion::integer
    RETURNING version + 1 AS version
  )
  SELECT (SELECT version FROM deleted) AS NewGrainStateVersion
');
