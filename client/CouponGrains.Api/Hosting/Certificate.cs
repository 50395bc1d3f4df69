using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CouponGrains.Domain;
using Microsoft.Extensions.Logging;

namespace CouponGrains.Api.Hosting;

/// <summary>The certificate that a process shows, from two PEM files: the chain, its own first, and the key. Files that
/// are replaced are taken up within <see cref="LookEvery"/>, without a restart.</summary>
public sealed partial class Certificate
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    private readonly string _chainFile;
    private readonly string _keyFile;
    private readonly TimeProvider _time;
    private readonly Lock _looking = new();
    private (string Chain, string Key) _seen;
    private long _looked;

    /// <summary>Reads the files. Throws <see cref="RefusedException"/> with <see cref="RefusalCodes.BadOption"/>, which
    /// repeats nothing of what stands in them.</summary>
    public Certificate(string chainFile, string keyFile, TimeProvider time)
    {
        (_chainFile, _keyFile, _time) = (chainFile, keyFile, time);
        try
        {
            _seen = ReadFiles();
            Current = Make(_seen);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RefusedException(RefusalCodes.BadOption, $"The certificate cannot be read: {e.Message}");
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new RefusedException(RefusalCodes.BadOption,
                $"{chainFile} and {keyFile} must hold a certificate and its key, both as PEM and not encrypted.");
        }

        _looked = time.GetTimestamp();
    }

    /// <summary>What handshakes show now.</summary>
    public SslStreamCertificateContext Current { get; private set; }

    /// <summary>Looks at the files again, if that is due; one that cannot be used leaves the certificate as it
    /// is.</summary>
    public SslStreamCertificateContext Look(ILogger log)
    {
        lock (_looking)
        {
            if (_time.GetElapsedTime(_looked) < LookEvery)
            {
                return Current;
            }

            _looked = _time.GetTimestamp();
            try
            {
                var now = ReadFiles();
                if (now != _seen)
                {
                    Current = Make(now);
                    _seen = now;
                    LogReplaced(log, Current.TargetCertificate.NotAfter.ToUniversalTime());
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException
                or ArgumentException)
            {
                // Most likely one of the two files is there and the other not yet.
                LogNotReplaced(log, e);
            }

            return Current;
        }
    }

    private static SslStreamCertificateContext Make((string Chain, string Key) pem)
    {
        using var read = X509Certificate2.CreateFromPem(pem.Chain, pem.Key);
        // The handshake wants a key that is in a store or a file of its own kind.
        var own = X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), null);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(pem.Chain);
        return SslStreamCertificateContext.Create(own, chain, offline: true);
    }

    private (string Chain, string Key) ReadFiles() => (File.ReadAllText(_chainFile), File.ReadAllText(_keyFile));

    [LoggerMessage(5011, LogLevel.Information, "The certificate was replaced by one that is good until {Until:u}.")]
    private static partial void LogReplaced(ILogger log, DateTime until);

    [LoggerMessage(5012, LogLevel.Warning, "The certificate's files cannot be used; the one before stays.")]
    private static partial void LogNotReplaced(ILogger log, Exception exception);
}
