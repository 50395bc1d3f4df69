-- Grain state, by the contract of Orleans' ADO.NET provider: it reads its statements from OrleansQuery, gives the parameters
-- @GrainIdHash @GrainIdN0 @GrainIdN1 @GrainTypeHash @GrainTypeString @GrainIdExtensionString @ServiceId, for a change also
-- @GrainStateVersion (null for a first write) and @PayloadBinary, and takes a row with a null NewGrainStateVersion as a
-- conflict. No row at all it would take as success, so every change answers exactly one.

CREATE TABLE OrleansQuery (
  QueryKey  TEXT PRIMARY KEY,
  QueryText TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A missing key extension is stored as '', so that the unique key holds for it too: of two first writes one wins.
CREATE TABLE OrleansStorage (
  GrainIdHash            INTEGER NOT NULL,
  GrainTypeHash          INTEGER NOT NULL,
  GrainIdN0              INTEGER NOT NULL,
  GrainIdN1              INTEGER NOT NULL,
  GrainTypeString        TEXT    NOT NULL,
  GrainIdExtensionString TEXT    NOT NULL,
  ServiceId              TEXT    NOT NULL,
  Version                INTEGER NOT NULL,
  PayloadBinary          BLOB,
  UNIQUE (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, GrainIdExtensionString, ServiceId)
) STRICT;

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('ReadFromStorageKey', '
  SELECT PayloadBinary, Version FROM OrleansStorage
  WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
    AND GrainTypeString = @GrainTypeString AND GrainIdExtensionString = coalesce(@GrainIdExtensionString, '''')
    AND ServiceId = @ServiceId
'),
('WriteToStorageKey', '
  INSERT INTO OrleansStorage (GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, GrainIdExtensionString,
    ServiceId, Version, PayloadBinary)
  SELECT @GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, @GrainTypeString, coalesce(@GrainIdExtensionString, ''''),
    @ServiceId, 1, @PayloadBinary
  WHERE @GrainStateVersion IS NULL OR EXISTS (
    SELECT 1 FROM OrleansStorage
    WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
      AND GrainTypeString = @GrainTypeString AND GrainIdExtensionString = coalesce(@GrainIdExtensionString, '''')
      AND ServiceId = @ServiceId)
  ON CONFLICT DO UPDATE SET PayloadBinary = excluded.PayloadBinary, Version = Version + 1
  WHERE Version = @GrainStateVersion
  RETURNING Version AS NewGrainStateVersion;
  SELECT NULL AS NewGrainStateVersion WHERE changes() = 0
'),
('ClearStorageKey', '
  UPDATE OrleansStorage SET PayloadBinary = NULL, Version = Version + 1
  WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
    AND GrainTypeString = @GrainTypeString AND GrainIdExtensionString = coalesce(@GrainIdExtensionString, '''')
    AND ServiceId = @ServiceId AND Version = @GrainStateVersion
  RETURNING Version AS NewGrainStateVersion;
  SELECT NULL AS NewGrainStateVersion WHERE changes() = 0
'),
('DeleteStorageKey', '
  DELETE FROM OrleansStorage
  WHERE GrainIdHash = @GrainIdHash AND GrainTypeHash = @GrainTypeHash AND GrainIdN0 = @GrainIdN0 AND GrainIdN1 = @GrainIdN1
    AND GrainTypeString = @GrainTypeString AND GrainIdExtensionString = coalesce(@GrainIdExtensionString, '''')
    AND ServiceId = @ServiceId AND Version = @GrainStateVersion
  RETURNING Version + 1 AS NewGrainStateVersion;
  SELECT NULL AS NewGrainStateVersion WHERE changes() = 0
');
