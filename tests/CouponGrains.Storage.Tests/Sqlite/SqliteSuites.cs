using CouponGrains.Storage.Tests.Campaigns;
using CouponGrains.Storage.Tests.Catalog;
using CouponGrains.Storage.Tests.Events;
using CouponGrains.Storage.Tests.Profiles;

namespace CouponGrains.Storage.Tests.Sqlite;

// The suites of every port, run on the embedded store.

public sealed class SqliteEventLogTests : EventLogSuite<SqliteUnderTest>;

public sealed class SqliteCatalogStoreTests : CatalogStoreSuite<SqliteUnderTest>;

public sealed class SqliteUserStoreTests : UserStoreSuite<SqliteUnderTest>;

public sealed class SqliteCampaignStoreTests : CampaignStoreSuite<SqliteUnderTest>;
