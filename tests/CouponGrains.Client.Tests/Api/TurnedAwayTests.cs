using System.Reflection;
using CouponGrains.Api.Hosting;
using Orleans.Runtime.Messaging;
using Orleans.Serialization.Invocation;

namespace CouponGrains.Client.Tests.Api;

public sealed class TurnedAwayTests
{
    [Fact]
    public async Task A_call_of_a_user_that_was_turned_away_is_sent_again()
    {
        var call = new Call("cg.user", new ConnectionFailedException("away"), 2);
        await new TurnedAway(TimeProvider.System).Invoke(call);
        Assert.Equal(3, call.Sent);
    }

    [Fact]
    public async Task A_call_whose_silo_died_with_it_in_hand_is_not()
    {
        var call = new Call("cg.user", new SiloUnavailableException("died"), 1);
        await Assert.ThrowsAsync<SiloUnavailableException>(() => new TurnedAway(TimeProvider.System).Invoke(call));
        Assert.Equal(1, call.Sent);
    }

    [Fact]
    public async Task A_call_of_another_grain_which_has_no_key_is_not()
    {
        var call = new Call("cg.campaign", new ConnectionFailedException("away"), 1);
        await Assert.ThrowsAsync<ConnectionFailedException>(() => new TurnedAway(TimeProvider.System).Invoke(call));
        Assert.Equal(1, call.Sent);
    }

    /// <summary>A call that fails so often, and then does not.</summary>
    private sealed class Call(string grain, Exception failure, int failures) : IOutgoingGrainCallContext
    {
        public int Sent { get; private set; }

        public object Grain => this;

        public IInvokable Request => throw new NotSupportedException();

        public MethodInfo InterfaceMethod => throw new NotSupportedException();

        public object? Result { get; set; }

        public Response? Response { get; set; }

        public GrainId? SourceId => null;

        public IGrainContext? SourceContext => null;

        public GrainId TargetId => default;

        public GrainInterfaceType InterfaceType => GrainInterfaceType.Create(grain);

        public string InterfaceName => grain;

        public string MethodName => "Show";

        public Task Invoke() => ++Sent <= failures ? Task.FromException(failure) : Task.CompletedTask;
    }
}
