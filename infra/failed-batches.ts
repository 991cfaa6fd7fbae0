import { Aws, type CfnElement, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IEventSourceDlq } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { FeedFunction } from './feed-function.ts';
import type { FeedSettings } from './settings.ts';

/** As long as the log itself: what is in here is in there, too. */
const keptDays = 90;

/** Where stream records go that could not be published. A queue would keep only where they once were in the stream. */
export class FailedBatches extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { removal }: Pick<FeedSettings, 'removal'>) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      lifecycleRules: [{ expiration: Duration.days(keptDays), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy: removal === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    acknowledge(
      this.bucket,
      'AwsSolutions-S1',
      'Only Lambda writes here, rarely, and CloudTrail can tell who read it.',
    );
  }

  /** Lets a function's event source put records here, and never into a bucket of this name in another account. */
  allow(grantee: FeedFunction): void {
    const isOurs = { StringEquals: { 's3:ResourceAccount': Aws.ACCOUNT_ID } };
    grantee.allow(['s3:PutObject'], [this.bucket.arnForObjects('*')], isOurs);
    grantee.allow(['s3:ListBucket'], [this.bucket.bucketArn], isOurs);
    const { logicalId } = this.bucket.node.defaultChild as CfnElement;
    const rule = `AwsSolutions-IAM5[Resource::<${Stack.of(this).resolve(logicalId)}.Arn>/*]`;
    acknowledge(grantee, rule, 'Lambda chooses the names of the objects it writes.');
  }

  /** The bucket as a destination, without the rights to read and delete that the CDK's own would give. */
  get destination(): IEventSourceDlq {
    return { bind: () => ({ destination: this.bucket.bucketArn }) };
  }
}
