using System.Data.Common;
using CouponGrains.Domain;

namespace CouponGrains.Contracts.Tests;

public sealed class OutageTests
{
    [Theory]
    [InlineData(typeof(SiloUnavailableException))]
    [InlineData(typeof(OrleansException))]
    [InlineData(typeof(TimeoutException))]
    public void What_the_cluster_did_not_carry_through_may_be_asked_again(Type kind) =>
        Assert.True(Outage.Is((Exception)Activator.CreateInstance(kind, nonPublic: true)!));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_database_says_by_itself_whether_it_may_be_asked_again(bool passing) =>
        Assert.Equal(passing, Outage.Is(new DatabaseFault(passing)));

    [Fact]
    public void A_fault_of_the_program_or_a_refusal_is_none_of_the_cluster() => Assert.DoesNotContain(
        new Exception[]
        {
            new InvalidOperationException(), new OrleansConfigurationException("wrong"),
            new RefusedException(RefusalCodes.InvalidValue, "wrong"),
        },
        Outage.Is);

    private sealed class DatabaseFault(bool passing) : DbException
    {
        public override bool IsTransient => passing;
    }
}
