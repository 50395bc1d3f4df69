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

namespace CouponGrains.Storage.Tests.Postgres;

// The suites of every port, run on a real PostgreSQL.

public sealed class PostgresEventLogTests : EventLogSuite<PostgresUnderTest>;

public sealed class PostgresCatalogStoreTests : CatalogStoreSuite<PostgresUnderTest>;

public sealed class PostgresPseudonymStoreTests : PseudonymStoreSuite<PostgresUnderTest>;

public sealed class PostgresUserStoreTests : UserStoreSuite<PostgresUnderTest>;

public sealed class PostgresModelStoreTests : ModelStoreSuite<PostgresUnderTest>;

public sealed class PostgresCampaignStoreTests : CampaignStoreSuite<PostgresUnderTest>;

public sealed class PostgresLedgerTests : LedgerSuite<PostgresUnderTest>;

public sealed class PostgresLedgerOffersTests : LedgerOffersSuite<PostgresUnderTest>;

public sealed class PostgresLedgerUsesTests : LedgerUsesSuite<PostgresUnderTest>;

public sealed class PostgresLedgerReturnsTests : LedgerReturnsSuite<PostgresUnderTest>;

public sealed class PostgresLedgerLimitsTests : LedgerLimitsSuite<PostgresUnderTest>;

public sealed class PostgresLedgerReservationsTests : LedgerReservationsSuite<PostgresUnderTest>;

public sealed class PostgresLedgerPeriodsTests : LedgerPeriodsSuite<PostgresUnderTest>;

public sealed class PostgresLedgerModelTests : LedgerModelSuite<PostgresUnderTest>;

public sealed class PostgresLedgerBalanceTests : LedgerBalanceSuite<PostgresUnderTest>;

public sealed class PostgresCodeStoreTests : CodeStoreSuite<PostgresUnderTest>;

public sealed class PostgresSharedCodeTests : SharedCodeSuite<PostgresUnderTest>;

public sealed class PostgresReportStoreTests : ReportStoreSuite<PostgresUnderTest>;

public sealed class PostgresWebhookStoreTests : WebhookStoreSuite<PostgresUnderTest>;

public sealed class PostgresAuditLogTests : AuditLogSuite<PostgresUnderTest>;

public sealed class PostgresKeyStoreTests : KeyStoreSuite<PostgresUnderTest>;

public sealed class PostgresApprovalStoreTests : ApprovalStoreSuite<PostgresUnderTest>;

public sealed class PostgresImportStoreTests : ImportStoreSuite<PostgresUnderTest>;
