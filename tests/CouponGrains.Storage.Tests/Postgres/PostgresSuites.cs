using CouponGrains.Storage.Tests.Catalog;
using CouponGrains.Storage.Tests.Events;
using CouponGrains.Storage.Tests.Models;
using CouponGrains.Storage.Tests.Profiles;

namespace CouponGrains.Storage.Tests.Postgres;

// The suites of every port, run on a real PostgreSQL.

public sealed class PostgresEventLogTests : EventLogSuite<PostgresUnderTest>;

public sealed class PostgresCatalogStoreTests : CatalogStoreSuite<PostgresUnderTest>;

public sealed class PostgresUserStoreTests : UserStoreSuite<PostgresUnderTest>;

public sealed class PostgresModelStoreTests : ModelStoreSuite<PostgresUnderTest>;
