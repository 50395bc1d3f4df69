using CouponGrains.Storage.Tests.Access;
using CouponGrains.Storage.Tests.Audit;
using CouponGrains.Storage.Tests.Campaigns;
using CouponGrains.Storage.Tests.Catalog;
using CouponGrains.Storage.Tests.Events;
using CouponGrains.Storage.Tests.Models;
using CouponGrains.Storage.Tests.Profiles;
using CouponGrains.Storage.Tests.Redemptions;
using CouponGrains.Storage.Tests.Reports;
using CouponGrains.Storage.Tests.Transfers;
using CouponGrains.Storage.Tests.Webhooks;

namespace CouponGrains.Storage.Tests.Sqlite;

// The suites of every port, run on the embedded store.

public sealed class SqliteEventLogTests : EventLogSuite<SqliteUnderTest>;

public sealed class SqliteCatalogStoreTests : CatalogStoreSuite<SqliteUnderTest>;

public sealed class SqlitePseudonymStoreTests : PseudonymStoreSuite<SqliteUnderTest>;

public sealed class SqliteUserStoreTests : UserStoreSuite<SqliteUnderTest>;

public sealed class SqliteCampaignStoreTests : CampaignStoreSuite<SqliteUnderTest>;

public sealed class SqliteLedgerTests : LedgerSuite<SqliteUnderTest>;

public sealed class SqliteLedgerOffersTests : LedgerOffersSuite<SqliteUnderTest>;

public sealed class SqliteLedgerUsesTests : LedgerUsesSuite<SqliteUnderTest>;

public sealed class SqliteLedgerReturnsTests : LedgerReturnsSuite<SqliteUnderTest>;

public sealed class SqliteLedgerLimitsTests : LedgerLimitsSuite<SqliteUnderTest>;

public sealed class SqliteLedgerReservationsTests : LedgerReservationsSuite<SqliteUnderTest>;

public sealed class SqliteLedgerPeriodsTests : LedgerPeriodsSuite<SqliteUnderTest>;

public sealed class SqliteCodeStoreTests : CodeStoreSuite<SqliteUnderTest>;

public sealed class SqliteSharedCodeTests : SharedCodeSuite<SqliteUnderTest>;

public sealed class SqliteReportStoreTests : ReportStoreSuite<SqliteUnderTest>;

public sealed class SqliteWebhookStoreTests : WebhookStoreSuite<SqliteUnderTest>;

public sealed class SqliteLedgerModelTests : LedgerModelSuite<SqliteUnderTest>;

public sealed class SqliteLedgerBalanceTests : LedgerBalanceSuite<SqliteUnderTest>;

public sealed class SqliteModelStoreTests : ModelStoreSuite<SqliteUnderTest>;

public sealed class SqliteAuditLogTests : AuditLogSuite<SqliteUnderTest>;

public sealed class SqliteKeyStoreTests : KeyStoreSuite<SqliteUnderTest>;

public sealed class SqliteApprovalStoreTests : ApprovalStoreSuite<SqliteUnderTest>;

public sealed class SqliteImportStoreTests : ImportStoreSuite<SqliteUnderTest>;
