using System.Diagnostics.Metrics;
using CouponGrains.Domain;

namespace CouponGrains.Api.Coupons;

/// <summary>The stage distribute, at its far end: who listens, and what reaches him.</summary>
internal sealed class PushInstruments
{
    private readonly UpDownCounter<long> _listeners;
    private readonly Counter<long> _heard;

    public PushInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(Telemetry.Name);
        _listeners = meter.CreateUpDownCounter<long>(
            "coupongrains.push.listeners", "{listener}", "Open streams of coupons or offers.");
        _heard = meter.CreateCounter<long>("coupongrains.push.heard", "{push}", "Coupons that reached an open stream.");
    }

    /// <summary>Somebody listens, until the answer is disposed of.</summary>
    public Listener Listen() => new(this);

    /// <summary>One who listens.</summary>
    internal sealed class Listener : IDisposable
    {
        private readonly PushInstruments _instruments;

        public Listener(PushInstruments instruments)
        {
            _instruments = instruments;
            _instruments._listeners.Add(1);
        }

        /// <summary>A coupon has reached him.</summary>
        public void Heard() => _instruments._heard.Add(1);

        public void Dispose() => _instruments._listeners.Add(-1);
    }
}
