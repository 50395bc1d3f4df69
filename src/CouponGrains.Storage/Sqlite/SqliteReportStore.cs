using CouponGrains.Domain;
using CouponGrains.Domain.Events;
using CouponGrains.Domain.Reports;

namespace CouponGrains.Storage.Sqlite;

/// <summary>Sums, made where the rows are. The log is read by its primary key, the days by theirs.</summary>
internal sealed class SqliteReportStore(SqliteReaders readers) : IReportStore
{
    public async Task<IReadOnlyList<KindCount>> Count(long after, long upTo, CancellationToken cancel) =>
        await readers.Read(
            session => session[ReportQueries.Count("?", "?", "?")].Bind(after).Bind(upTo).Bind((int)EventKind.Issued)
                .All(row => new KindCount(
                    new(row.Text(0)), ReportQueries.Midnight(row.Int64(1)), (EventKind)row.Int32(2), row.Int64(3),
                    new(row.Int64(4), new(row.Text(5))))),
            cancel);

    public async Task<IReadOnlyList<BudgetDay>> BudgetDays(CampaignId campaign, CancellationToken cancel) =>
        await readers.Read(
            session => session[ReportQueries.BudgetDays("?")].Bind(campaign.Value).All(row => new BudgetDay(
                ReportQueries.Midnight(row.Int64(0)), row.Int64(1), row.Int64(2), row.Int64(3))),
            cancel);
}
